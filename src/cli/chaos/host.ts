/** The program of the host process: runs a template under a fault plan, tells where, and counts each fault before it happens. */
import { appendFileSync } from "node:fs"
import { join } from "node:path"
import type { Fault, Faults, Hop } from "../../host/host.ts"
import { startHost } from "../../host/start.ts"
import { localParameters } from "../synth.ts"
import type { HostSettings } from "./hostProcess.ts"
import { faultPlan } from "./plan.ts"

const settings: HostSettings = JSON.parse(process.argv[2] ?? "{}")
const plan = faultPlan(settings.seed)
const faults: Faults = {
  at(hop, messageId, attempt) {
    const fault = plan.at(hop, messageId, attempt)
    if (fault === undefined) return undefined
    const kind = kindOf(hop, fault)
    appendFileSync(join(settings.dataFolder, "faults.log"), `${JSON.stringify({ hop, kind, messageId, attempt })}\n`)
    return fault
  },
}

/** A message that is late on its way is overtaken by others. */
function kindOf(hop: Hop, fault: Fault): string {
  if (fault.kind === "kill") return `kill ${fault.when}`
  return fault.kind === "delay" && hop !== "lambda" && hop !== "sdk" ? "delay and reorder" : fault.kind
}

const running = await startHost({ ...settings, parameters: localParameters, faults })
process.send?.(running.local)
process.once("disconnect", () => running.stop().then(() => process.exit(0)))
