import { describe, expect, test } from "vitest"
import { patternChunks, patternMax } from "../../../infra/busRule.ts"
import { projectedEvents, triggerOf } from "../../../infra/manifests.ts"
import { app } from "../../../src/contexts/index.ts"
import { ofType, templates } from "./stacks.ts"

const { stateful, stateless } = templates()
const { resources } = stateless
const rules = ofType(resources, "AWS::Events::Rule")
const patternOf = (prefix: string) => rules.find(([id]) => id.startsWith(prefix))?.[1].Properties.EventPattern

describe("the rules", () => {
  test("give each context its commands", () => {
    for (const { name } of app.contexts)
      expect(patternOf(`DomainBehavior${name}`)).toEqual({
        source: ["foldline.actor"],
        "detail-type": [{ prefix: `${name}.` }],
      })
  })

  test("start an automation by its event, but by no replay", () => {
    for (const automation of app.contexts.flatMap(({ automations }) => automations))
      expect(patternOf(`Notifier${automation.name}`)).toEqual({
        source: ["foldline.domain"],
        "detail-type": [triggerOf(app, automation)],
        "replay-name": [{ exists: false }],
      })
  })

  test("give the projections every event of their aggregates, so that versions come without a gap", () => {
    const types = rules
      .filter(([id]) => id.startsWith("ProjectionEngine"))
      .flatMap(([, { Properties }]) => Properties.EventPattern["detail-type"])
    expect(types.sort()).toEqual([...projectedEvents(app)].sort())
    expect(types).toContain("accounts.AccountRenamed")
  })

  test("show everything to track and trace", () => {
    expect(patternOf("TrackAndTrace")).toEqual({
      source: ["foldline.actor", "foldline.domain", "foldline.outcome"],
    })
  })

  test("know one schedule: the caretaker's hourly sweep", () => {
    expect(rules.flatMap(([, { Properties }]) => Properties.ScheduleExpression ?? [])).toEqual(["rate(1 hour)"])
  })
})

describe("a pattern with many types", () => {
  const types = Array.from({ length: 300 }, (_, index) => `accounts.SomethingHasHappened${index}`)

  test("is split so that EventBridge takes each part", () => {
    const chunks = patternChunks(types)
    expect(chunks.flat()).toEqual(types)
    for (const chunk of chunks)
      expect(JSON.stringify({ source: ["foldline.domain"], "detail-type": chunk }).length).toBeLessThan(patternMax)
  })

  test("is not split when it fits", () => expect(patternChunks(types.slice(0, 10))).toHaveLength(1))
})

const text = (value: unknown) => JSON.stringify(value)
/** Not the one of the CDK, which CloudFormation alone calls, during a deployment. */
const functions = ofType(resources, "AWS::Lambda::Function").filter(([id]) => !id.startsWith("CustomCDK"))
const mappings = ofType(resources, "AWS::Lambda::EventSourceMapping")
const alarms = text(ofType(resources, "AWS::CloudWatch::Alarm"))

/** The query of the alarm that looks at a metric of all rules or functions, what it joins written out. */
function queryOf(metric: string): string | undefined {
  const written = (expression: unknown): string => {
    if (typeof expression === "string") return expression
    const join = (expression as { "Fn::Join"?: [string, unknown[]] } | undefined)?.["Fn::Join"]
    return join === undefined ? text(expression ?? "") : join[1].map(written).join("")
  }
  return ofType(resources, "AWS::CloudWatch::Alarm")
    .flatMap(([, { Properties }]) => Properties.Metrics ?? [])
    .map(({ Expression }) => written(Expression))
    .find(expression => expression.startsWith(`SELECT SUM(${metric}) `))
}

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
    const [ofBus, ofFunctions] = ["FailedInvocations", "DestinationDeliveryFailures"].map(queryOf)
    expect(ofBus).toMatch(/FROM SCHEMA\("AWS\/Events", EventBusName, RuleName\) WHERE EventBusName = '.*BusName.*'$/)
    expect(ofFunctions).toMatch(/FROM SCHEMA\("AWS\/Lambda", FunctionName\)$/)
    for (const [id, { Properties }] of rules)
      if (Properties.EventBusName === undefined) expect(alarms, id).toContain(id)
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
