import { AwsError, type Host, type InvokedBy, type Json, type Lambda, type Service } from "../host.ts"
import { createLambdaApi } from "./api.ts"
import { createAsyncQueue } from "./asyncQueue.ts"
import { languageProblem } from "./function.ts"
import { createFunctions } from "./functions.ts"
import { createFunctionUrls } from "./functionUrls.ts"
import { createLogLines } from "./logLines.ts"
import { createMappings } from "./mappings/mappings.ts"
import { checkMayInvoke } from "./permissions.ts"
import { lambdaResources } from "./resources.ts"
import { contentId, createRun } from "./run.ts"

const asyncEventBytesMax = 1_048_576

/** The compute service: functions in worker threads, their asynchronous queue, and the mappings that feed them from streams and queues. */
export function createLambdaService(host: Host): Service & Lambda {
  const log = createLogLines(host)
  const functions = createFunctions(host, log.write)
  const run = createRun(host, functions, log.write)
  const queue = createAsyncQueue(host, functions, run)
  const mappings = createMappings(host, functions, run)

  const prepare = (reference: string, payload: Json, by: InvokedBy) => {
    const { deployed, arn } = functions.find(reference)
    checkMayInvoke(host, deployed, arn, by)
    const event = JSON.stringify(payload)
    return { function: arn, event, requestId: crypto.randomUUID(), messageId: by.messageId ?? contentId(event) }
  }

  const invoke: Lambda["invoke"] = async (reference, payload, by) => {
    const request = prepare(reference, payload, by)
    const outcome = await run(request)
    if ("error" in outcome) return { payload: outcome.error, functionError: "Unhandled", requestId: request.requestId }
    return { payload: JSON.parse(outcome.result), requestId: request.requestId }
  }
  const urls = createFunctionUrls(host, functions, invoke)

  return {
    name: "lambda",
    signingNames: ["lambda"],
    resources: { ...lambdaResources(host, functions, mappings), "AWS::Lambda::Url": urls.provider },
    http: urls.http,
    handle: createLambdaApi(host, { functions, mappings, queue, run, collectLog: log.collect }),

    invoke,

    invokeAsync: async (reference, payload, by) => {
      const event = prepare(reference, payload, by)
      if (Buffer.byteLength(event.event) > asyncEventBytesMax) {
        const message = `Request must be smaller than ${asyncEventBytesMax} bytes for the InvokeFunction operation`
        throw new AwsError("RequestTooLargeException", message, 413)
      }
      queue.accept(event)
      return { requestId: event.requestId }
    },

    exists: functions.exists,
    kill: run.kill,

    warm: async max => {
      for (const { lambda, pool } of [...functions.all()].slice(0, max))
        if (languageProblem(lambda) === undefined) await pool.warm()
    },

    start: () => {
      queue.start()
      mappings.start()
    },

    stop: async () => {
      mappings.stop()
      queue.stop()
      await functions.stop()
    },
  }
}
