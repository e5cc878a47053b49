import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"

/** A table as CreateTable takes it, from the properties of either CloudFormation type. */
export interface TableProperties {
  readonly createTable: JsonObject
  readonly timeToLive: JsonObject
  readonly resourcePolicy: Json | undefined
}

/** AWS::DynamoDB::Table. Every property that is left out here makes no difference on a laptop or is named at start. */
export function tableProperties(properties: JsonObject, physicalName: string): TableProperties {
  const stream = properties.StreamSpecification
  return {
    createTable: present({
      TableName: properties.TableName ?? physicalName,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: indexes(properties.GlobalSecondaryIndexes),
      LocalSecondaryIndexes: indexes(properties.LocalSecondaryIndexes),
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: flag(properties.DeletionProtectionEnabled),
      StreamSpecification:
        stream === undefined
          ? undefined
          : { StreamEnabled: true, StreamViewType: objectOf(stream).StreamViewType ?? "NEW_AND_OLD_IMAGES" },
    }),
    timeToLive: timeToLive(properties),
    resourcePolicy: policyOf(properties.ResourcePolicy) ?? policyOf(objectOf(stream).ResourcePolicy),
  }
}

/** AWS::DynamoDB::GlobalTable: one table here, with what its replica in this region says. */
export function globalTableProperties(properties: JsonObject, physicalName: string, region: string): TableProperties {
  const replicas = listOf(properties.Replicas).map(objectOf)
  const replica = replicas.find(({ Region }) => Region === region) ?? replicas[0] ?? {}
  const table = tableProperties(
    { ...properties, DeletionProtectionEnabled: replica.DeletionProtectionEnabled ?? false },
    physicalName,
  )
  return { ...table, resourcePolicy: policyOf(replica.ResourcePolicy) }
}

function timeToLive(properties: JsonObject): JsonObject {
  const { Enabled, AttributeName } = objectOf(properties.TimeToLiveSpecification)
  return present({ Enabled: flag(Enabled) ?? false, AttributeName })
}

function indexes(value: Json | undefined): Json | undefined {
  const all = listOf(value).map(objectOf)
  return all.length === 0
    ? undefined
    : all.map(({ IndexName, KeySchema, Projection }) => present({ IndexName, KeySchema, Projection }))
}

function policyOf(value: Json | undefined): Json | undefined {
  return objectOf(value).PolicyDocument
}

/** Template parameters turn booleans into text. */
function flag(value: Json | undefined): boolean | undefined {
  return value === undefined ? undefined : value === true || value === "true"
}

function present(value: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, member]])),
  )
}
