import type { JsonObject } from "../../../src/host/host.ts"
import { type Case, fails, testCases } from "./cases.ts"

const choice = (rule: JsonObject): JsonObject => ({
  StartAt: "Choose",
  States: {
    Choose: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
    Yes: { Type: "Pass", Result: true, End: true },
    No: { Type: "Pass", Result: false, End: true },
  },
})

const choices: Case[] = [
  ["StringEquals", choice({ Variable: "$.v", StringEquals: "a" }), { v: "a" }, true],
  ["StringEqualsPath", choice({ Variable: "$.v", StringEqualsPath: "$.w" }), { v: "a", w: "b" }, false],
  ["StringLessThan", choice({ Variable: "$.v", StringLessThan: "b" }), { v: "a" }, true],
  [
    "StringGreaterThanEqualsPath",
    choice({ Variable: "$.v", StringGreaterThanEqualsPath: "$.w" }),
    { v: "a", w: "a" },
    true,
  ],
  ["StringMatches", choice({ Variable: "$.v", StringMatches: "log-*.txt" }), { v: "log-1.2.txt" }, true],
  [
    "StringMatches with a star that is meant",
    choice({ Variable: "$.v", StringMatches: "a\\\\*b" }),
    { v: "axb" },
    false,
  ],
  ["NumericLessThanEquals", choice({ Variable: "$.v", NumericLessThanEquals: 2 }), { v: 2 }, true],
  ["a number compared as text", choice({ Variable: "$.v", StringEquals: "2" }), { v: 2 }, false],
  ["NumericGreaterThanPath", choice({ Variable: "$.v", NumericGreaterThanPath: "$.w" }), { v: 3, w: 2 }, true],
  ["BooleanEquals", choice({ Variable: "$.v", BooleanEquals: false }), { v: false }, true],
  [
    "TimestampLessThan",
    choice({ Variable: "$.v", TimestampLessThan: "2026-01-01T01:00:00Z" }),
    { v: "2026-01-01T01:30:00+01:00" },
    true,
  ],
  [
    "TimestampEqualsPath",
    choice({ Variable: "$.v", TimestampEqualsPath: "$.w" }),
    { v: "2026-01-01T00:00:00Z", w: "2026-01-01T01:00:00+01:00" },
    true,
  ],
  ["IsPresent of nothing", choice({ Variable: "$.x", IsPresent: true }), {}, false],
  ["IsPresent false of nothing", choice({ Variable: "$.x", IsPresent: false }), {}, true],
  ["IsNull", choice({ Variable: "$.v", IsNull: true }), { v: null }, true],
  ["IsNumeric", choice({ Variable: "$.v", IsNumeric: true }), { v: "1" }, false],
  ["IsString", choice({ Variable: "$.v", IsString: true }), { v: "1" }, true],
  ["IsBoolean", choice({ Variable: "$.v", IsBoolean: true }), { v: true }, true],
  ["IsTimestamp", choice({ Variable: "$.v", IsTimestamp: true }), { v: "2026-01-01" }, false],
  [
    "And",
    choice({
      And: [
        { Variable: "$.v", IsPresent: true },
        { Variable: "$.v", NumericEquals: 1 },
      ],
    }),
    {},
    false,
  ],
  [
    "Or",
    choice({
      Or: [
        { Variable: "$.v", NumericEquals: 2 },
        { Variable: "$.v", NumericEquals: 1 },
      ],
    }),
    { v: 1 },
    true,
  ],
  ["Not", choice({ Not: { Variable: "$.v", NumericEquals: 2 } }), { v: 1 }, true],
  ["a variable that is not there", choice({ Variable: "$.v", NumericEquals: 2 }), {}, fails("States.Runtime")],
  [
    "a rule that assigns a variable",
    {
      StartAt: "C",
      States: {
        C: {
          Type: "Choice",
          Choices: [{ Variable: "$.v", NumericEquals: 1, Assign: { "was.$": "$.v" }, Next: "U" }],
          Assign: { was: "other" },
          Default: "U",
        },
        U: { Type: "Pass", Parameters: { "was.$": "$was" }, OutputPath: "$.was", End: true },
      },
    },
    { v: 2 },
    "other",
  ],
  [
    "no rule, and no Default",
    { StartAt: "C", States: { C: { Type: "Choice", Choices: [{ Variable: "$.v", IsNull: true, Next: "C" }] } } },
    { v: 1 },
    fails("States.NoChoiceMatched"),
  ],
]

testCases("a Choice state", "decides by $name", choices)
