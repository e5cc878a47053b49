import { AwsError, type Host, type JsonObject } from "../../host.ts"
import { type LambdaFunction, rolePrincipal } from "../function.ts"
import type { Functions } from "../functions.ts"
import type { Run } from "../run.ts"
import { openCheckpoints } from "./checkpoints.ts"
import { type Mapping, mappingConfiguration } from "./mapping.ts"
import { createQueuePoller } from "./queuePoller.ts"
import { createStreamPoller, type Poller } from "./streamPoller.ts"

/** The event source mappings of the host. */
export interface Mappings {
  add(mapping: Mapping): void
  /** Begins to read every enabled source. Throws AwsError naming what a role lacks to read its source. */
  start(): void
  stop(): void
  /** Configurations as the API answers them, of one function or source when given. */
  list(filter: { functionName?: string | undefined; sourceArn?: string | undefined }): JsonObject[]
  /** Throws AwsError ResourceNotFoundException. */
  get(id: string): JsonObject
  /** Starts or stops a mapping; it stays so after a restart. Throws AwsError ResourceNotFoundException. */
  enable(id: string, enabled: boolean): JsonObject
}

/** What a role must be allowed to read a source. */
export const actionsNeeded = {
  dynamodb: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
  sqs: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
}

export function createMappings(host: Host, functions: Functions, run: Run): Mappings {
  const mappings = new Map<string, Mapping>()
  const pollers = new Map<string, Poller>()
  const checkpoints = openCheckpoints(host)
  let started = false

  const lambdaOf = (mapping: Mapping) => functions.find(mapping.function).deployed.lambda

  const begin = (mapping: Mapping) => {
    const lambda = lambdaOf(mapping)
    checkMayRead(host, mapping, lambda)
    const poller =
      mapping.source === "dynamodb"
        ? createStreamPoller(host, mapping, lambda, run, checkpoints)
        : createQueuePoller(host, mapping, run)
    pollers.set(mapping.id, poller)
    poller.start()
  }

  const end = (mapping: Mapping) => {
    pollers.get(mapping.id)?.stop()
    pollers.delete(mapping.id)
  }

  const describe = (mapping: Mapping) =>
    mappingConfiguration(mapping, functions.find(mapping.function).arn, checkpoints.isEnabled(mapping))

  const find = (id: string): Mapping => {
    const mapping = mappings.get(id)
    if (mapping !== undefined) return mapping
    throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404, { Type: "User" })
  }

  return {
    add: mapping => {
      end(mapping)
      mappings.set(mapping.id, mapping)
      if (started && checkpoints.isEnabled(mapping)) begin(mapping)
    },
    start: () => {
      started = true
      for (const mapping of mappings.values()) if (checkpoints.isEnabled(mapping)) begin(mapping)
    },
    stop: () => {
      started = false
      for (const mapping of mappings.values()) end(mapping)
      checkpoints.close()
    },
    list: ({ functionName, sourceArn }) =>
      [...mappings.values()]
        .filter(mapping => functionName === undefined || lambdaOf(mapping).name === functionName)
        .filter(mapping => sourceArn === undefined || mapping.sourceArn === sourceArn)
        .map(describe),
    get: id => describe(find(id)),
    enable: (id, enabled) => {
      const mapping = find(id)
      checkpoints.enable(mapping, enabled)
      if (!enabled) end(mapping)
      else if (!pollers.has(id)) begin(mapping)
      return describe(mapping)
    },
  }
}

/** Lambda reads a source with the function's role, and refuses a mapping whose role may not. */
function checkMayRead(host: Host, mapping: Mapping, lambda: LambdaFunction): void {
  const missing = actionsNeeded[mapping.source].filter(action => {
    try {
      host.iam.authorize(rolePrincipal(lambda), action, mapping.sourceArn)
      return false
    } catch {
      return true
    }
  })
  if (missing.length === 0) return
  const message = `The role of ${lambda.name} lacks ${missing.join(", ")} on ${mapping.sourceArn}, which its event source mapping needs`
  throw new AwsError("InvalidParameterValueException", message)
}
