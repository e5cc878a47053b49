import {
  AwsError,
  type CreatedResource,
  type Host,
  type Json,
  type JsonObject,
  type ResourceProvider,
} from "../host.ts"
import { objectOf } from "../json.ts"
import { tableArn } from "./arns.ts"
import type { Catalogue } from "./catalogue.ts"
import { tableChanges } from "./tableChanges.ts"
import { globalTableProperties, type TableProperties, tableProperties } from "./tableProperties.ts"

type Call = (operation: string, input: JsonObject) => Promise<JsonObject>

const honours = [
  "TableName",
  "AttributeDefinitions",
  "KeySchema",
  "StreamSpecification",
  "TimeToLiveSpecification",
  ...["IndexName", "KeySchema", "Projection"].flatMap(name => [
    `GlobalSecondaryIndexes.${name}`,
    `LocalSecondaryIndexes.${name}`,
  ]),
]

/** Throughput is not limited here and everything on a laptop is unencrypted and not backed up; the rest of these describe. */
const indifferent = [
  "BillingMode",
  "ContributorInsightsSpecification",
  "OnDemandThroughput",
  "PointInTimeRecoverySpecification",
  "ProvisionedThroughput",
  "SSESpecification",
  "TableClass",
  "Tags",
  "WarmThroughput",
  "ReadOnDemandThroughputSettings",
  "ReadProvisionedThroughputSettings",
  "WriteOnDemandThroughputSettings",
  "WriteProvisionedThroughputSettings",
]

const replicaIndifferent = [...indifferent, "Region", "GlobalSecondaryIndexes", "KMSMasterKeyId"]

/** The CloudFormation types of DynamoDB. A table that is there already keeps its data and gets the template's indexes, stream and time to live. */
export function createTableResources(
  host: Host,
  call: Call,
  catalogue: Catalogue,
  policies: Map<string, JsonObject>,
): Record<string, ResourceProvider> {
  const place = async ({ createTable, timeToLive, resourcePolicy }: TableProperties): Promise<CreatedResource> => {
    const name = String(createTable.TableName)
    const table = (await describe(call, name)) ?? objectOf((await call("CreateTable", createTable)).TableDescription)
    for (const change of tableChanges(table, createTable)) {
      await call("UpdateTable", { TableName: name, ...change })
      await untilActive(host, call, name)
    }
    await untilActive(host, call, name)
    await setTimeToLive(call, name, timeToLive)
    if (resourcePolicy === undefined) policies.delete(name)
    else policies.set(name, objectOf(resourcePolicy))
    const attributes: Record<string, Json> = { Arn: tableArn(host, name), TableId: table.TableId ?? name }
    const streamArn = catalogue.get(name)?.stream?.arn
    return { ref: name, attributes: streamArn === undefined ? attributes : { ...attributes, StreamArn: streamArn } }
  }

  const indexIndifferent = indifferent.map(name => `GlobalSecondaryIndexes.${name}`)
  return {
    "AWS::DynamoDB::Table": {
      create: ({ properties, physicalName }) => place(tableProperties(properties, physicalName)),
      honours: [...honours, "DeletionProtectionEnabled", "ResourcePolicy"],
      indifferent: [...indifferent, ...indexIndifferent],
    },
    "AWS::DynamoDB::GlobalTable": {
      create: ({ properties, physicalName }) => place(globalTableProperties(properties, physicalName, host.region)),
      honours: [...honours, "Replicas.DeletionProtectionEnabled", "Replicas.ResourcePolicy"],
      indifferent: [...indifferent, ...indexIndifferent, ...replicaIndifferent.map(name => `Replicas.${name}`)],
    },
  }
}

async function describe(call: Call, TableName: string): Promise<JsonObject | undefined> {
  try {
    return objectOf((await call("DescribeTable", { TableName })).Table)
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined
    throw error
  }
}

const pollsMax = 200
const pollMs = 50

async function untilActive(host: Host, call: Call, name: string): Promise<void> {
  for (let poll = 0; poll < pollsMax; poll++) {
    const text = JSON.stringify(await describe(call, name))
    if (!/"(Table|Index)Status":"(CREATING|UPDATING|DELETING)"/.test(text)) return
    await host.clock.sleep(pollMs)
  }
  throw new Error(`table ${name} did not become active`)
}

async function setTimeToLive(call: Call, TableName: string, wanted: JsonObject): Promise<void> {
  const { TimeToLiveStatus, AttributeName } = objectOf(
    (await call("DescribeTimeToLive", { TableName })).TimeToLiveDescription,
  )
  const isOn = String(TimeToLiveStatus).startsWith("ENABL")
  const isSame = isOn && AttributeName === wanted.AttributeName
  const set = (TimeToLiveSpecification: JsonObject) => call("UpdateTimeToLive", { TableName, TimeToLiveSpecification })
  if (isOn && !(isSame && wanted.Enabled === true)) await set({ Enabled: false, AttributeName: AttributeName ?? null })
  if (wanted.Enabled === true && !isSame) await set(wanted)
}
