/** Runs the benchmark: installs its own packages when they are missing, checks its types with them, then hands over to TypeScript. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { giveUp, install, root } from "./install.mjs"

install()
install(join(root, "bench"))
const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
const { status } = spawnSync(process.execPath, [tsc, "-p", join(root, "bench")], { stdio: ["ignore", 2, 2] })
if (status !== 0) giveUp("the benchmark does not compile; see above")
const { register } = await import("tsx/esm/api")
register()
await import("../bench/bench.ts")
