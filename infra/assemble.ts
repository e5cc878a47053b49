import { join } from "node:path"
import type { AppProps } from "aws-cdk-lib/core"
import type { App } from "../src/core/manifest.ts"
import { bundleFunctions } from "./bundle.ts"
import { type Foldline, foldline } from "./foldline.ts"
import type { ApiModel } from "./graphqlApi.ts"
import { reducerHashes } from "./reducerHashes.ts"

export interface AssembleProps {
  readonly app: App
  readonly model: ApiModel
  /** Folder of the package: its functions stand in `src/lambdas`, its contexts in `src/contexts`. */
  readonly root: string
  readonly today: Date
  readonly cdk?: AppProps
}

/** Bundles the functions into `.foldline/build` and builds the stacks around them; `cdk.synth()` of the answer writes them. */
export async function assemble({ root, app, ...props }: AssembleProps): Promise<Foldline> {
  const hashes = await reducerHashes(app, join(root, "src/contexts"))
  const { folder } = await bundleFunctions({
    entries: join(root, "src/lambdas"),
    outdir: join(root, ".foldline/build"),
    constants: { FOLDLINE_REDUCER_HASHES: JSON.stringify(JSON.stringify(hashes)) },
  })
  return foldline({ app, bundle: folder, consoleFolder: join(root, "console/dist"), ...props })
}
