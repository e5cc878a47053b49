#!/usr/bin/env node
import { install, root } from "./install.mjs"

install()
const { register } = await import("tsx/esm/api")
register()
process.env.FOLDLINE_ROOT ??= root
await import("../src/cli/main.ts")
