/** Runs the benchmark: installs its own packages when they are missing, then hands over to TypeScript. */
import { join } from "node:path"
import { install, root } from "./install.mjs"

install()
install(join(root, "bench"))
const { register } = await import("tsx/esm/api")
register()
await import("../bench/bench.ts")
