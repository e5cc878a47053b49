import { describe, expect, test } from "vitest"
import { ofType, templates } from "./stacks.ts"

const { stateful, stateless } = templates()
const { resources } = stateless
const text = (value: unknown) => JSON.stringify(value)
const functions = ofType(resources, "AWS::Lambda::Function")
const rules = ofType(resources, "AWS::Events::Rule")
const mappings = ofType(resources, "AWS::Lambda::EventSourceMapping")
const alarms = text(ofType(resources, "AWS::CloudWatch::Alarm"))

describe("every asynchronous hop", () => {
  test("from the bus has bounded retries and a dead-letter queue", () => {
    for (const [id, { Properties }] of rules)
      for (const target of Properties.Targets) {
        expect(target.RetryPolicy, id).toEqual({ MaximumRetryAttempts: 100, MaximumEventAgeInSeconds: 21_600 })
        expect(text(target.DeadLetterConfig.Arn), id).toMatch(/LettersArn/)
      }
  })

  test("into a function has bounded retries and a dead-letter queue", () => {
    const configs = ofType(resources, "AWS::Lambda::EventInvokeConfig").map(([, { Properties }]) => Properties)
    for (const [id] of functions) {
      const config = configs.find(({ FunctionName }) => FunctionName.Ref === id)
      expect(config, id).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 })
      expect(text(config.DestinationConfig.OnFailure.Destination), id).toMatch(/LettersArn/)
    }
  })

  test("from the outbox's stream has bounded retries and a dead-letter queue", () => {
    const readers = mappings.filter(([, { Properties }]) => Properties.StartingPosition !== undefined)
    expect(readers).toHaveLength(2)
    for (const [id, { Properties }] of readers)
      expect(Properties, id).toMatchObject({
        StartingPosition: "TRIM_HORIZON",
        ParallelizationFactor: 10,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 21_600,
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        DestinationConfig: {
          OnFailure: { Destination: { "Fn::ImportValue": "FoldlineStateful-DeadLettersArn" } },
        },
      })
  })

  test("is watched by an alarm", () => {
    for (const [id] of rules) expect(alarms, id).toContain(id)
    for (const [id] of functions) expect(alarms, id).toContain(id)
    for (const queue of ["DeadLettersArn", "UnhandledLettersArn"]) expect(alarms).toContain(queue)
    expect(alarms.match(/"IteratorAge"/g)).toHaveLength(2)
  })
})

describe("the dead-letter queue", () => {
  test("waits at least six times as long as its function may take", () => {
    const caretaker = functions.find(([id]) => id.startsWith("Caretaker"))?.[1].Properties.Timeout
    expect(stateful.resources.DeadLetters?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * caretaker)
  })

  test("takes no letter of its own caretaker", () => {
    const config = ofType(resources, "AWS::Lambda::EventInvokeConfig").find(([id]) => id.startsWith("Caretaker"))
    expect(text(config)).toContain("UnhandledLettersArn")
  })

  test("takes letters of this app's rules only", () => {
    const statement = text(stateful.resources.DeadLettersPolicy55497A7B?.Properties)
    expect(statement).toContain("aws:SourceArn")
    expect(statement).toContain(":rule/FoldlineStateless-*")
  })
})
