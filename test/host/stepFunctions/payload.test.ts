import { type Case, fails, pass, testCases, value } from "./cases.ts"

const payloads: Case[] = [
  [
    "a fixed result at its place",
    pass({ Result: { b: 1 }, ResultPath: "$.a.x" }),
    { a: { c: 2 } },
    { a: { c: 2, x: { b: 1 } } },
  ],
  ["an input path and an output path", pass({ InputPath: "$.a", OutputPath: "$.b" }), { a: { b: 3 } }, 3],
  ["a result that is dropped", pass({ Result: 1, ResultPath: null }), { a: 1 }, { a: 1 }],
  ["an output path of null", pass({ OutputPath: null }), { a: 1 }, {}],
  [
    "nested parameters with paths, in lists too",
    pass({ Parameters: { list: [{ "x.$": "$.a" }], fixed: { deep: true } } }),
    { a: 1 },
    { list: [{ x: 1 }], fixed: { deep: true } },
  ],
  [
    "an element, also from the end",
    value("States.Array($.l[0], $.l[-1], $['odd name'])"),
    { l: [1, 2, 3], "odd name": 4 },
    [1, 3, 4],
  ],
  ["all that a wildcard finds", value("$.l[*].n"), { l: [{ n: 1 }, { n: 2 }] }, [1, 2]],
  [
    "all that a filter finds",
    value("$.l[?(@.n > 1)].t"),
    {
      l: [
        { n: 1, t: "a" },
        { n: 2, t: "b" },
      ],
    },
    ["b"],
  ],
  ["all that is called so, however deep", value("$..id"), { id: 1, in: { id: 2 } }, [1, 2]],
  ["a slice", value("$.l[0:2]"), { l: [1, 2, 3] }, [1, 2]],
  ["an empty list where a filter finds nothing", value("$.l[?(@.n > 9)]"), { l: [{ n: 1 }] }, []],
  ["the length of a list", value("$.l.length()"), { l: [1, 2] }, 2],
  ["null as a value", value("$.n"), { n: null }, null],
  [
    "a member called __proto__",
    pass({ Result: 1, ResultPath: "$.__proto__" }),
    { a: 1 },
    JSON.parse('{"a":1,"__proto__":1}'),
  ],
  ["the input in the context object", value("$$.Execution.Input.a"), { a: 5 }, 5],
  [
    "variables that were assigned",
    {
      StartAt: "Keep",
      States: {
        Keep: { Type: "Pass", Assign: { "kept.$": "$", fixed: 1 }, Next: "Use" },
        Use: { Type: "Pass", Parameters: { "a.$": "$kept.a.b", "f.$": "States.MathAdd($fixed, 1)" }, End: true },
      },
    },
    { a: { b: 7 } },
    { a: 7, f: 2 },
  ],
]

const failures: Case[] = [
  [
    "Fail by paths",
    { StartAt: "F", States: { F: { Type: "Fail", ErrorPath: "$.e", CausePath: "States.Format('{}!', $.c)" } } },
    { e: "Mine", c: "why" },
    fails("Mine", "why!"),
  ],
  [
    "a path that finds nothing, in AWS's words",
    pass({ Parameters: { "x.$": "$.y" } }),
    { a: 1 },
    fails(
      "States.Runtime",
      "An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.y' specified for the field 'x.$' could not be found in the input '{\"a\":1}'",
    ),
  ],
  [
    "a ResultPath that does not fit",
    pass({ Result: 1, ResultPath: "$.a.b" }),
    { a: "text" },
    fails("States.ResultPathMatchFailure"),
  ],
  ["an intrinsic function that fails", value("States.StringToJson('{')"), {}, fails("States.IntrinsicFailure")],
]

testCases("the payload of a state", "has $name", payloads)
testCases("a state", "fails by $name", failures)
