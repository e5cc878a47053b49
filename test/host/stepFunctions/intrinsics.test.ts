import { type Case, testCases, value } from "./cases.ts"

const intrinsics: Case[] = [
  [
    "Format",
    value("States.Format('{} is {}, \\{\\} {}', $.who, 3, $.o)"),
    { who: "Ada", o: { a: 1 } },
    'Ada is 3, {} {"a":1}',
  ],
  ["StringToJson", value("States.StringToJson($.t)"), { t: '{"a":[1]}' }, { a: [1] }],
  ["JsonToString", value("States.JsonToString($.o)"), { o: { a: [1] } }, '{"a":[1]}'],
  ["Array", value("States.Array('a', 1, true, null, $.x)"), { x: {} }, ["a", 1, true, null, {}]],
  ["ArrayPartition", value("States.ArrayPartition($.l, 2)"), { l: [1, 2, 3] }, [[1, 2], [3]]],
  ["ArrayContains", value("States.ArrayContains($.l, $.o)"), { l: [{ a: 1 }], o: { a: 1 } }, true],
  ["ArrayRange", value("States.ArrayRange(1, 9, 4)"), {}, [1, 5, 9]],
  ["ArrayGetItem", value("States.ArrayGetItem($.l, 1)"), { l: ["a", "b"] }, "b"],
  ["ArrayLength", value("States.ArrayLength($.l)"), { l: ["a", "b"] }, 2],
  ["ArrayUnique", value("States.ArrayUnique($.l)"), { l: [1, { a: 1 }, 1, { a: 1 }] }, [1, { a: 1 }]],
  ["Base64Encode", value("States.Base64Encode('Data to encode')"), {}, "RGF0YSB0byBlbmNvZGU="],
  ["Base64Decode", value("States.Base64Decode('RGF0YQ==')"), {}, "Data"],
  ["Hash", value("States.Hash('input data', 'SHA-1')"), {}, "aaff4a450a104cd177d28d18d74485e8cae074b7"],
  [
    "JsonMerge",
    value("States.JsonMerge($.a, $.b, false)"),
    { a: { x: { p: 1 }, y: 1 }, b: { x: { q: 2 } } },
    { x: { q: 2 }, y: 1 },
  ],
  ["MathAdd", value("States.MathAdd(111.4, -1)"), {}, 110],
  ["MathRandom by a seed", value("States.MathRandom(5, 6, 1)"), {}, 5],
  [
    "StringSplit",
    value("States.StringSplit('This.is+a,test=string', '.+,=')"),
    {},
    ["This", "is", "a", "test", "string"],
  ],
  [
    "one inside of another",
    value("States.ArrayLength(States.StringSplit(States.Format('{}-{}', 'a', $.l[0]), '-'))"),
    { l: ["b"] },
    2,
  ],
  ["a text with a quote in it", value("States.Format('it\\'s {}', 'so, (really)')"), {}, "it's so, (really)"],
]

testCases("an intrinsic function", "is $name", intrinsics)
