import { fileURLToPath } from "node:url"
import { app } from "../src/contexts/index.ts"
import { apiModel } from "./apiModel.ts"
import { assemble } from "./assemble.ts"
import { changedResolverFaults } from "./resolverGate.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Writes the cloud assembly: where the CDK CLI says, else to `cdk.out`. Ends with the faults of the resolvers instead. */
const faults = await changedResolverFaults(root)
if (faults.length > 0) {
  console.error(faults.join("\n"))
  process.exit(1)
}
const { cdk } = await assemble({
  app,
  model: apiModel(app),
  root,
  today: new Date(),
  cdk: { outdir: process.env.CDK_OUTDIR ?? "cdk.out" },
})
cdk.synth()
