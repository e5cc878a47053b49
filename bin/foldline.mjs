#!/usr/bin/env node
import { install, root } from "./install.mjs"

// Which Node.js a coming SDK will want is not for whoever runs this version to read each time.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true"
install()
const { register } = await import("tsx/esm/api")
register()
process.env.FOLDLINE_ROOT ??= root
await import("../src/cli/main.ts")
