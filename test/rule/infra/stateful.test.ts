import { describe, expect, test } from "vitest"
import { jointNames } from "../../../infra/joint.ts"
import { app } from "../../../src/contexts/index.ts"
import { servicesOf } from "../../../src/core/manifest.ts"
import { pascalCase } from "../../../src/model/names.ts"
import { ofType, templates } from "./stacks.ts"

const { stateful, stateless } = templates()
const properties = (id: string) => stateful.resources[id]?.Properties
const keysOf = (schema: readonly { AttributeName: string; KeyType: string }[]) =>
  schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`)

describe("the stateful stack", () => {
  test("keeps its logical ids for ever", () => {
    const kept = Object.entries(stateful.resources).filter(([, { Type }]) => Type !== "AWS::SQS::QueuePolicy")
    expect(Object.fromEntries(kept.map(([id, { Type }]) => [id, Type]))).toEqual({
      EventStore: "AWS::DynamoDB::Table",
      IdempotencyStore: "AWS::DynamoDB::Table",
      Outbox: "AWS::DynamoDB::Table",
      ViewStore: "AWS::DynamoDB::Table",
      TraceTable: "AWS::DynamoDB::Table",
      KeyTable: "AWS::DynamoDB::Table",
      DataKey: "AWS::KMS::Key",
      AppSecret: "AWS::SecretsManager::Secret",
      MailSender: "AWS::SecretsManager::Secret",
      UserPool: "AWS::Cognito::UserPool",
      WebClient: "AWS::Cognito::UserPoolClient",
      Groupsupport: "AWS::Cognito::UserPoolGroup",
      Bus: "AWS::Events::EventBus",
      DeadLetters: "AWS::SQS::Queue",
      UnhandledLetters: "AWS::SQS::Queue",
      ServiceCell: "AWS::SecretsManager::Secret",
      ServiceStripe: "AWS::SecretsManager::Secret",
    })
    for (const [id, { DeletionPolicy }] of kept) expect(DeletionPolicy, id).toBe("Retain")
  })

  test("has the tables that the stores' contract names", () => {
    const table = (id: string) => {
      const { KeySchema, GlobalSecondaryIndexes = [], TimeToLiveSpecification, StreamSpecification } = properties(id)
      return {
        key: keysOf(KeySchema),
        ttl: TimeToLiveSpecification?.AttributeName,
        stream: StreamSpecification?.StreamViewType,
        indexes: GlobalSecondaryIndexes.map(
          (index: { IndexName: string; KeySchema: []; Projection: { ProjectionType: string } }) =>
            [index.IndexName, ...keysOf(index.KeySchema), index.Projection.ProjectionType].join(" "),
        ),
      }
    }
    expect(table("EventStore")).toEqual({
      key: ["HASH stream", "RANGE version"],
      indexes: ["directory HASH directory RANGE stream KEYS_ONLY"],
    })
    expect(table("IdempotencyStore")).toEqual({ key: ["HASH id"], ttl: "expiration", indexes: [] })
    expect(table("Outbox")).toEqual({
      key: ["HASH stream", "RANGE command"],
      ttl: "expiresAt",
      stream: "NEW_IMAGE",
      indexes: ["pending HASH pending RANGE at KEYS_ONLY"],
    })
    expect(table("ViewStore")).toEqual({
      key: ["HASH partition", "RANGE sort"],
      ttl: "expiresAt",
      indexes: [1, 2, 3].map(n => `index${n} HASH partition${n} RANGE sort${n} ALL`),
    })
    expect(table("TraceTable")).toEqual({ key: ["HASH id", "RANGE step"], ttl: "expiresAt", indexes: [] })
    expect(table("KeyTable")).toEqual({ key: ["HASH subject"], indexes: [] })
  })

  test("keeps every table on demand, encrypted, undeletable and recoverable, but data keys not recoverable", () => {
    for (const [id, { Properties }] of ofType(stateful.resources, "AWS::DynamoDB::Table"))
      expect(Properties, id).toMatchObject({
        BillingMode: "PAY_PER_REQUEST",
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: id !== "KeyTable" },
      })
  })

  test("keeps dead letters for at most 14 days", () => {
    for (const [id, { Properties }] of ofType(stateful.resources, "AWS::SQS::Queue"))
      expect(Properties.MessageRetentionPeriod, id).toBeLessThanOrEqual(14 * 86_400)
  })
})

describe("between the stacks", () => {
  const exported = Object.values(stateful.outputs).flatMap(({ Export }) => (Export ? [Export.Name] : []))

  test("the joint is the short list of names, and nothing else is exported", () => {
    const services = servicesOf(app).map(({ name }) => `Service${pascalCase(name)}Arn`)
    expect(exported.sort()).toEqual([...jointNames, ...services].map(name => `FoldlineStateful-${name}`).sort())
    expect(jointNames.length).toBeLessThanOrEqual(15)
  })

  test("each export is used, and only those are", () => {
    const imported = JSON.stringify(stateless).matchAll(/"Fn::ImportValue":"([^"]+)"/g)
    expect([...new Set([...imported].map(([, name]) => name))].sort()).toEqual(exported.sort())
  })
})
