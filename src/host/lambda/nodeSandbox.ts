import type { EventLoopUtilization } from "node:perf_hooks"
import { Worker } from "node:worker_threads"
import { createSandbox, type Sandbox, type SandboxSettings } from "./sandbox.ts"

/** Starts a worker thread that loads a handler in Node.js. */
export function openNodeSandbox(settings: SandboxSettings): Sandbox {
  return createSandbox(settings.log, heard => {
    const worker = startWorker(settings)
    let begun: EventLoopUtilization | undefined
    let exitReason: string | undefined
    worker.on("message", heard.message)
    worker.on("error", (error: NodeJS.ErrnoException) => {
      exitReason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "signal: killed" : error.message
    })
    worker.on("exit", code => heard.ended(exitReason ?? `exit status ${code}`))
    return {
      post: invocation => {
        begun = worker.performance.eventLoopUtilization()
        worker.postMessage(invocation)
      },
      end: () => worker.terminate(),
      activeMs: () => worker.performance.eventLoopUtilization(begun).active,
      utilization: () => (begun === undefined ? 1 : worker.performance.eventLoopUtilization(begun).utilization),
    }
  })
}

/** NODE_OPTIONS of the function count where a thread can honour them; the host's own are not inherited. */
function startWorker(settings: SandboxSettings): Worker {
  const { log: _, environment, ...data } = settings
  const { NODE_OPTIONS: nodeOptions, ...env } = environment
  const start = (execArgv: string[]) =>
    new Worker(new URL("./worker.mjs", import.meta.url), {
      env,
      execArgv,
      workerData: { ...data, nodeOptions },
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
    })
  try {
    return start(nodeOptions?.split(/\s+/).filter(option => option !== "") ?? [])
  } catch {
    return start([])
  }
}
