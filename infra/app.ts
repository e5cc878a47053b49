import { fileURLToPath } from "node:url"
import { app } from "../src/contexts/index.ts"
import { apiModel } from "./apiModel.ts"
import { assemble } from "./assemble.ts"

/** Writes the cloud assembly: where the CDK CLI says, else to `cdk.out`. */
const { cdk } = await assemble({
  app,
  model: apiModel(app),
  root: fileURLToPath(new URL("..", import.meta.url)),
  today: new Date(),
  cdk: { outdir: process.env.CDK_OUTDIR ?? "cdk.out" },
})
cdk.synth()
