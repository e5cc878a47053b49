import type { Json } from "../host.ts"

/** Where the tables pretend to be. */
export interface Place {
  readonly region: string
  readonly accountId: string
}

const dynamoArn = /^arn:aws[\w-]*:dynamodb:[^:]*:[^:]*:(.*)$/

/** ARN of a table, as AWS forms it. */
export function tableArn({ region, accountId }: Place, tableName: string): string {
  return `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`
}

/** Table name in a table's name or in the ARN of a table, an index or a stream. */
export function tableNameOf(nameOrArn: string): string {
  const resource = dynamoArn.exec(nameOrArn)?.[1]
  return resource?.split("/")[1] ?? nameOrArn
}

/** A reply of the DynamoDB behind the host with ARNs and stream labels as AWS forms them in this region and account. */
export function awsForm(value: Json, place: Place, name = ""): Json {
  if (Array.isArray(value)) return value.map(item => awsForm(item, place))
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, awsForm(member, place, key)]))
  if (typeof value !== "string") return value
  if (name.endsWith("StreamLabel")) return awsLabel(value)
  const resource = dynamoArn.exec(value)?.[1]
  if (resource === undefined) return value
  const [kind, table, part, label] = resource.split("/")
  const path = part === "stream" && label !== undefined ? [kind, table, part, awsLabel(label)].join("/") : resource
  return `arn:aws:dynamodb:${place.region}:${place.accountId}:${path}`
}

/** Epoch second in which dynoxide made a stream, 0 for any other DynamoDB: its log still shows what an earlier stream of the table held. */
export function streamMadeAt(backendStreamArn: string): number {
  return Math.floor(epochSeconds(backendStreamArn.slice(backendStreamArn.lastIndexOf("/") + 1)) ?? 0)
}

/** `2026-11-21T11:43:14.444`: AWS labels a stream by the moment it was made; dynoxide by the epoch's seconds. */
function awsLabel(label: string): string {
  const seconds = epochSeconds(label)
  return seconds === undefined ? label : new Date(seconds * 1000).toISOString().slice(0, -1)
}

function epochSeconds(label: string): number | undefined {
  return /^\d+\.\d+$/.test(label) ? Number(label) : undefined
}
