import {
  type AwsCall,
  AwsError,
  type AwsReply,
  type DynamoDb,
  type Host,
  type Json,
  type JsonObject,
  type Service,
} from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import { type Access, accessesOf, isWrite } from "./accesses.ts"
import { awsForm, tableArn, tableNameOf } from "./arns.ts"
import { createAuthorize } from "./authorization.ts"
import { type Backend, type BackendReply, createBackend, resultOf } from "./backend.ts"
import { createCapacity } from "./capacity.ts"
import { createCatalogue } from "./catalogue.ts"
import { type Dynoxide, startDynoxide } from "./dynoxide.ts"
import { createExpiredItems } from "./expiredItems.ts"
import { createFaultPlan, faultError, lost, splitBatch } from "./faults.ts"
import { createStreams } from "./streams.ts"
import { answerStreams, streamArnOf, streamOperations } from "./streamsApi.ts"
import { withBareNames } from "./tableNames.ts"
import { createTableResources } from "./tables.ts"
import { createSweeper } from "./timeToLive.ts"
import { createTokens } from "./tokens.ts"

/** Operations whose replies name ARNs; the others' go to the caller byte for byte. */
const tableOperations = /^(Create|Update|Delete|Describe|List|Tag|Untag)(Table|TimeToLive|Tags|Resource|Global)/
const tableChangingOperations = new Set(["CreateTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive"])

/** DynamoDB: dynoxide as a child process, or whatever DYNAMODB_ENDPOINT names, behind AWS's rules on who may call, and its streams. */
export interface DynamoDbService extends Service, DynamoDb {
  /** Resolves once the tables on disk can be used. Throws the Error that says why not. */
  ready(): Promise<void>
}

export function createDynamoDbService(host: Host): DynamoDbService {
  let child: Dynoxide | undefined
  const open = async (): Promise<Backend> => {
    const endpoint = process.env.DYNAMODB_ENDPOINT
    if (!endpoint) child = await startDynoxide(host.dataFolder, message => host.log.warn("dynamodb", message))
    return createBackend(endpoint || (child?.url ?? ""))
  }
  const opened = open()
  const backend = () => opened
  const policies = new Map<string, JsonObject>()
  const catalogue = createCatalogue(host, backend)
  const loaded = opened.then(catalogue.load)
  loaded.catch(() => {})
  const expired = createExpiredItems(host)
  const streams = createStreams(host, backend, catalogue, expired)
  const sweeper = createSweeper(host, backend, catalogue, expired, streams.written)
  const authorize = createAuthorize(host, catalogue, policies)
  const faultOf = createFaultPlan(host, catalogue)
  const once = createTokens(host.clock)
  const capacity = createCapacity(host)

  const forward = async (operation: string, input: JsonObject, body: Buffer | string): Promise<BackendReply> => {
    const db = await backend()
    const { ClientRequestToken: token, ...rest } = input
    if (typeof token !== "string") return db.send(operation, body)
    return once(token, body, () => db.send(operation, JSON.stringify(rest)))
  }

  const perform = async (
    operation: string,
    given: JsonObject,
    accesses: readonly Access[],
    raw?: Buffer,
  ): Promise<BackendReply> => {
    const input = capacity.asking(operation, withBareNames(given, accesses))
    const body = input === given && raw !== undefined ? raw : JSON.stringify(input)
    const reply = capacity.count(operation, given, accesses, await forward(operation, input, body))
    if (reply.status >= 400) return reply
    if (tableChangingOperations.has(operation)) await catalogue.refresh(tableNameOf(textOf(input.TableName) ?? ""))
    const written = accesses.filter(isWrite).map(({ table }) => tableNameOf(table))
    if (written.length > 0) streams.written(new Set(written))
    if (!tableOperations.test(operation)) return reply
    return { ...reply, body: Buffer.from(JSON.stringify(awsForm(resultOf(reply), host))) }
  }

  const performUnderFaults = async (
    call: AwsCall,
    operation: string,
    input: JsonObject,
    accesses: readonly Access[],
  ) => {
    const raw = call.body
    const fault = faultOf(operation, accesses, input)
    if (fault === undefined) return perform(operation, input, accesses, raw)
    if (fault.kind === "kill") {
      if (fault.when === "after") await perform(operation, input, accesses, raw)
      host.lambda.kill?.(call.headers["x-amzn-trace-id"] ?? "")
      throw lost()
    }
    const error = faultError(fault, operation, accesses)
    if (error !== undefined) throw error
    if (fault.kind === "delay") await host.clock.sleep(fault.ms)
    const split = fault.kind === "partialFailure" ? splitBatch(operation, input) : undefined
    if (split !== undefined) {
      const reply = resultOf(await perform(operation, split.taken, accesses))
      return { status: 200, body: Buffer.from(JSON.stringify({ ...reply, UnprocessedItems: split.left })) }
    }
    const reply = await perform(operation, input, accesses, raw)
    if (fault.kind === "loseAck") throw lost()
    return reply
  }

  const handle = async (call: AwsCall): Promise<AwsReply> => {
    const operation = call.operation ?? ""
    const input = parse(call.body)
    await loaded
    if (streamOperations.has(operation)) {
      authorize(call.principal, [{ action: operation, table: streamArnOf(operation, input) }], input)
      return { body: await answerStreams(host, await backend(), streams, operation, input) }
    }
    const accesses = accessesOf(operation, input)
    authorize(call.principal, accesses, input)
    const isRole = call.principal.kind === "role"
    const reply = isRole
      ? await performUnderFaults(call, operation, input, accesses)
      : await perform(operation, input, accesses, call.body)
    return { status: reply.status, headers: { "content-type": "application/x-amz-json-1.0" }, body: reply.body }
  }

  const call = async (operation: string, input: JsonObject): Promise<JsonObject> => {
    await loaded
    return resultOf(await perform(operation, input, accessesOf(operation, input)))
  }

  return {
    name: "dynamodb",
    signingNames: ["dynamodb"],
    ready: () => loaded,
    handle,
    call,
    resources: createTableResources(host, call, catalogue, policies),
    tableArn: tableName => tableArn(host, tableName),
    streamArn: tableName => catalogue.get(tableName)?.stream?.arn,
    readStream: streams.read,
    onWrite: streams.onWrite,
    start: sweeper.start,
    stop: async () => {
      sweeper.stop()
      const db = await opened.catch(() => undefined)
      await db?.close()
      await child?.stop()
    },
  }
}

function parse(body: Buffer): JsonObject {
  try {
    const value: Json = JSON.parse(body.toString("utf8") || "{}")
    return objectOf(value)
  } catch {
    throw new AwsError("SerializationException", "Start of structure or map found where not expected.")
  }
}
