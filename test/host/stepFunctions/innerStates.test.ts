import { type Case, fails, testCases } from "./cases.ts"
import { single } from "./machineHost.ts"

const double = {
  StartAt: "D",
  States: { D: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, $.n)" }, End: true } },
}

const refuse = (error: string) => ({ StartAt: "F", States: { F: { Type: "Fail", Error: error, Cause: "so" } } })

const composite: Case[] = [
  [
    "Parallel gives the outputs of its branches in order",
    single({
      Type: "Parallel",
      Branches: [double, { StartAt: "P", States: { P: { Type: "Succeed" } } }],
      ResultPath: "$.both",
    }),
    { n: 2 },
    { n: 2, both: [{ n: 4 }, { n: 2 }] },
  ],
  [
    "Parallel fails with the error of a branch",
    single({ Type: "Parallel", Branches: [double, refuse("No")] }),
    { n: 1 },
    fails("No", "so"),
  ],
  [
    "Parallel ends its other branches when one fails",
    single({
      Type: "Parallel",
      Branches: [{ StartAt: "W", States: { W: { Type: "Wait", Seconds: 250, End: true } } }, refuse("No")],
    }),
    {},
    fails("No"),
  ],
  [
    "a branch sees the variables around it, and keeps its own",
    {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { n: 1 }, Next: "P" },
        P: {
          Type: "Parallel",
          Branches: [
            {
              StartAt: "I",
              States: {
                I: { Type: "Pass", Assign: { "m.$": "States.MathAdd($n, 1)" }, Next: "J" },
                J: { Type: "Pass", Parameters: { "m.$": "$m" }, End: true },
              },
            },
          ],
          Assign: { "n.$": "$[0].m" },
          Next: "E",
        },
        E: { Type: "Pass", Parameters: { "n.$": "$n" }, End: true },
      },
    },
    {},
    { n: 2 },
  ],
  [
    "Parallel's failure goes to a catcher",
    {
      StartAt: "P",
      States: {
        P: {
          Type: "Parallel",
          Branches: [refuse("No")],
          End: true,
          Catch: [
            { ErrorEquals: ["Other"], Next: "X" },
            { ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "C" },
          ],
        },
        C: { Type: "Succeed" },
        X: { Type: "Succeed" },
      },
    },
    { a: 1 },
    { a: 1, e: { Error: "No", Cause: "so" } },
  ],
  [
    "Map gives the outputs of its iterations in order",
    single({ Type: "Map", ItemsPath: "$.l", MaxConcurrency: 2, ItemProcessor: double }),
    { l: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    [{ n: 2 }, { n: 4 }, { n: 6 }],
  ],
  [
    "Map with an ItemSelector sees its item, index and the input",
    single({
      Type: "Map",
      ItemsPath: "$.l",
      ItemSelector: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.a" },
      ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", End: true } } },
    }),
    { l: ["x", "y"], a: 1 },
    [
      { i: 0, v: "x", all: 1 },
      { i: 1, v: "y", all: 1 },
    ],
  ],
  [
    "Map of the older form, with Iterator and Parameters",
    single({ Type: "Map", ItemsPath: "$.l", Parameters: { "n.$": "$$.Map.Item.Value" }, Iterator: double }),
    { l: [4] },
    [{ n: 8 }],
  ],
  ["Map of nothing is empty", single({ Type: "Map", ItemProcessor: double }), [], []],
  [
    "Map fails with the error of an iteration",
    single({ Type: "Map", ItemProcessor: refuse("No") }),
    [1, 2],
    fails("No"),
  ],
  [
    "a distributed Map tolerates as many failures as it says",
    single({
      Type: "Map",
      ToleratedFailurePercentage: 50,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "C",
        States: {
          C: { Type: "Choice", Choices: [{ Variable: "$", NumericEquals: 1, Next: "F" }], Default: "P" },
          F: { Type: "Fail" },
          P: { Type: "Succeed" },
        },
      },
    }),
    [1, 2],
    [2],
  ],
  [
    "a distributed Map with too many failures",
    single({
      Type: "Map",
      ToleratedFailureCount: 1,
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, ...refuse("No") },
    }),
    [1, 2],
    fails("States.ExceedToleratedFailureThreshold"),
  ],
  [
    "an ItemBatcher gives each iteration several items",
    single({
      Type: "Map",
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "all.$": "$.length()" } },
      ItemProcessor: { StartAt: "P", States: { P: { Type: "Succeed" } } },
    }),
    [1, 2, 3],
    [
      { BatchInput: { all: 3 }, Items: [1, 2] },
      { BatchInput: { all: 3 }, Items: [3] },
    ],
  ],
  [
    "Map of what is no list",
    single({ Type: "Map", ItemsPath: "$.l", ItemProcessor: double }),
    { l: 1 },
    fails("States.Runtime"),
  ],
  [
    "an ItemReader",
    single({ Type: "Map", ItemReader: { Resource: "arn:aws:states:::s3:getObject" }, ItemProcessor: double }),
    {},
    fails("States.Runtime"),
  ],
]

testCases("of states inside of others", "$name", composite)
