import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import { type FunctionName, pipelineFunctions } from "./pipelineFunctions.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** AppSync refuses longer code. */
const codeBytesMax = 32_768

/** A pipeline function as one APPSYNC_JS module. Throws when it does not build or is longer than AppSync takes. */
export function bundleFunction(name: FunctionName): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${root}${pipelineFunctions[name].file}`],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    treeShaking: true,
    charset: "utf8",
    external: ["@aws-appsync/utils", "@aws-appsync/utils/*"],
    logLevel: "silent",
  })
  const code = outputFiles[0]?.text ?? ""
  const bytes = Buffer.byteLength(code)
  if (bytes > codeBytesMax)
    throw new Error(`resolver function ${name} has ${bytes} bytes; AppSync takes at most ${codeBytesMax}`)
  return code
}
