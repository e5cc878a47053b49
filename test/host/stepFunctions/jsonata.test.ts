import type { JsonObject } from "../../../src/host/host.ts"
import { type Case, fails, testCases } from "./cases.ts"
import { single } from "./machineHost.ts"

const jsonata = (state: JsonObject, more: JsonObject = {}): JsonObject => ({
  QueryLanguage: "JSONata",
  ...single(state),
  ...more,
})

const languages: Case[] = [
  [
    "fills Output in from the input and the context",
    jsonata({
      Type: "Pass",
      Output: { sum: "{% $sum($states.input.l) %}", id: "{% $states.context.State.Name %}", text: "as it is" },
    }),
    { l: [1, 2] },
    { sum: 3, id: "S", text: "as it is" },
  ],
  [
    "has $partition, $range, $hash, $parse",
    jsonata({
      Type: "Pass",
      Output: "{% [$partition([1,2,3], 2), $range(0, 4, 2), $hash('input data', 'SHA-1'), $parse('{\"a\":1}')] %}",
    }),
    {},
    [[1, 2], [3], 0, 2, 4, "aaff4a450a104cd177d28d18d74485e8cae074b7", { a: 1 }],
  ],
  [
    "assigns variables and chooses by a Condition",
    {
      QueryLanguage: "JSONata",
      StartAt: "A",
      States: {
        A: { Type: "Pass", Assign: { big: "{% $states.input.n > 3 %}" }, Next: "C" },
        C: {
          Type: "Choice",
          Choices: [{ Condition: "{% $big %}", Next: "Y", Output: { was: "{% $states.input.n %}" } }],
          Default: "N",
        },
        Y: { Type: "Succeed" },
        N: { Type: "Fail", Error: "Small", Cause: "{% 'it is ' & $states.input.n %}" },
      },
    },
    { n: 4 },
    { was: 4 },
  ],
  [
    "maps Items with an ItemSelector",
    jsonata({
      Type: "Map",
      Items: "{% $states.input.l %}",
      ItemSelector: { v: "{% $states.context.Map.Item.Value %}", all: "{% $count($states.input.l) %}" },
      ItemProcessor: {
        StartAt: "P",
        States: { P: { Type: "Pass", Output: "{% $states.input.v * $states.input.all %}", End: true } },
      },
      Output: "{% $sum($states.result) %}",
    }),
    { l: [1, 2] },
    6,
  ],
  [
    "fails with States.QueryEvaluationError where there is no value",
    jsonata({ Type: "Pass", Output: "{% $states.input.none %}" }),
    {},
    fails("States.QueryEvaluationError"),
  ],
  [
    "is a state's own choice",
    {
      StartAt: "J",
      States: {
        J: { Type: "Pass", QueryLanguage: "JSONata", Output: { n: "{% 1 + 1 %}" }, Next: "P" },
        P: { Type: "Pass", OutputPath: "$.n", End: true },
      },
    },
    {},
    2,
  ],
]

testCases("JSONata", "$name", languages)
