import { availableParallelism } from "node:os"
import { cacheFolder } from "../cacheFolder.ts"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import { environmentOf } from "./environment.ts"
import { isPython, type LambdaFunction, languageProblem, parseFunctionReference } from "./function.ts"
import { openNodeSandbox } from "./nodeSandbox.ts"
import { createPool, type Pool } from "./pool.ts"
import { openPythonSandbox } from "./pythonSandbox.ts"

/** How a function's asynchronous events are retried, and where they go at the end. */
export interface AsyncSettings {
  readonly retriesMax: number
  readonly ageMaxMs: number
  readonly onSuccessArn: string | undefined
  readonly onFailureArn: string | undefined
}

/** A function that exists, with everything that other resources of the template attach to it. */
export interface DeployedFunction {
  readonly lambda: LambdaFunction
  readonly pool: Pool
  /** Statements of the resource policy, by statement id. */
  readonly policy: Map<string, JsonObject>
  /** Published versions and aliases. */
  readonly qualifiers: Set<string>
  /** By qualifier. */
  readonly asyncSettings: Map<string, AsyncSettings>
}

/** The functions of the host. */
export interface Functions {
  deploy(lambda: LambdaFunction): Promise<DeployedFunction>
  /** By name or ARN, with or without qualifier. Throws AwsError ResourceNotFoundException. */
  find(reference: string): { deployed: DeployedFunction; arn: string; qualifier: string | undefined }
  exists(reference: string): boolean
  all(): IterableIterator<DeployedFunction>
  stop(): Promise<void>
}

const sandboxesMax = 8
/** An invocation seldom waits for anything but this machine. */
const sandboxesEager = Math.max(1, Math.floor(availableParallelism() / 2))

/** `log` receives each line that a function writes. */
export function createFunctions(
  host: Host,
  log: (functionName: string, requestId: string, line: string) => void,
): Functions {
  const functions = new Map<string, DeployedFunction>()
  const compiledCode = cacheFolder("compiled")

  const open = (lambda: LambdaFunction) => {
    const logStream = logStreamOf(host.clock.now())
    const openIn = isPython(lambda) ? openPythonSandbox : openNodeSandbox
    return openIn({
      taskRoot: lambda.taskRoot,
      optRoot: lambda.optRoot,
      handler: lambda.handler,
      runtime: lambda.runtime,
      functionName: lambda.name,
      functionVersion: "$LATEST",
      memoryMb: lambda.memoryMb,
      logGroup: lambda.logGroup,
      logStream,
      clockOffsetMs: host.clock.now() - Date.now(),
      metered: host.meter !== undefined,
      compiledCode,
      environment: environmentOf(host, lambda, logStream),
      log: (requestId, line) => log(lambda.name, requestId, line),
    })
  }

  const find = (reference: string) => {
    const { name, qualifier } = parseFunctionReference(reference)
    const deployed = functions.get(name)
    const known = qualifier === undefined || qualifier === "$LATEST" || deployed?.qualifiers.has(qualifier) === true
    const arn = `arn:aws:lambda:${host.region}:${host.accountId}:function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`
    if (deployed === undefined || !known) {
      throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404, { Type: "User" })
    }
    return { deployed, arn, qualifier }
  }

  return {
    find,
    deploy: async lambda => {
      const problem = languageProblem(lambda)
      if (problem !== undefined) host.log.warn("lambda", `${problem}: its invocations will be refused`)
      await functions.get(lambda.name)?.pool.stop()
      const concurrencyMax = Math.min(sandboxesMax, lambda.concurrencyReserved ?? sandboxesMax)
      const deployed: DeployedFunction = {
        lambda,
        pool: createPool(() => open(lambda), concurrencyMax, sandboxesEager),
        policy: new Map(),
        qualifiers: new Set(),
        asyncSettings: new Map(),
      }
      functions.set(lambda.name, deployed)
      return deployed
    },
    exists: reference => {
      try {
        return find(reference) !== undefined
      } catch {
        return false
      }
    },
    all: () => functions.values(),
    stop: async () => {
      await Promise.all([...functions.values()].map(({ pool }) => pool.stop()))
    },
  }
}

function logStreamOf(nowMs: number): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "/")
  return `${day}/[$LATEST]${crypto.randomUUID().replaceAll("-", "")}`
}
