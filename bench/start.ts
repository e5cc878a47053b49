import { execFileSync } from "node:child_process"
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { z } from "zod"
import { bundleFunctions } from "../infra/bundle.ts"
import { median } from "./load.ts"
import type { Bench } from "./report.ts"

/** One function's bundle. */
export interface Bundle {
  readonly name: string
  readonly kilobytes: number
  /** Milliseconds until its module is loaded, in a fresh process. */
  readonly initMs: number
}

/** Each function's bundle, and one of the bare SDK clients that the domain behavior uses. */
export async function bundles(cloudAssembly: string, { quick, tell }: Bench): Promise<readonly Bundle[]> {
  const folder = mkdtempSync(join(process.cwd(), "node_modules", ".cache-bench-"))
  try {
    writeFileSync(join(folder, "bare.lambda.ts"), bareClients)
    const bare = await bundleFunctions({ entries: folder, outdir: join(folder, "out") })
    const entries: readonly Entry[] = [
      { name: "bare SDK clients", file: join(bare.folder("bare"), "index.js"), environment: {} },
      ...functionsOf(cloudAssembly, folder),
    ]
    const taken = new Map<string, number[]>()
    for (let round = 1; round <= (quick ? 3 : 15); round++) {
      tell(`start of functions, round ${round}`)
      for (const entry of entries) taken.set(entry.name, [...(taken.get(entry.name) ?? []), initMs(entry)])
    }
    return entries.map(({ name, file }) => ({
      name,
      kilobytes: statSync(file).size / 1024,
      initMs: median(taken.get(name) ?? []),
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const bareClients = `
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb"
import { KMSClient, DecryptCommand } from "@aws-sdk/client-kms"
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const kms = new KMSClient({})
export const handler = async event => [client.send(new QueryCommand(event)), client.send(new TransactWriteCommand(event)), kms.send(new DecryptCommand(event))]
`

/** A module to load, with the environment that its function gives it. */
interface Entry {
  readonly name: string
  readonly file: string
  readonly environment: Readonly<Record<string, string>>
}

const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
})
const FunctionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
})

/** Bundles with one function that runs each, copied to where no package.json calls them ES modules. */
function functionsOf(cloudAssembly: string, folder: string): readonly Entry[] {
  const byFile = new Map<string, Entry>()
  for (const template of readdirSync(cloudAssembly).filter(name => name.endsWith(".template.json"))) {
    const { Resources } = Template.parse(JSON.parse(readFileSync(join(cloudAssembly, template), "utf8")))
    for (const { Type, Properties } of Object.values(Resources)) {
      const found = Type === "AWS::Lambda::Function" ? FunctionProperties.safeParse(Properties).data : undefined
      if (found === undefined) continue
      const file = join(cloudAssembly, `asset.${found.Code.S3Key.replace(/\.zip$/, "")}`, "index.js")
      // What the CDK brings for a deployment is written in another language.
      if (!existsSync(file)) continue
      const environment = Object.fromEntries(
        Object.entries(found.Environment.Variables).map(([name, value]) => [name, plain(value)]),
      )
      if (byFile.has(file)) continue
      const copy = join(folder, `${byFile.size}.js`)
      copyFileSync(file, copy)
      byFile.set(file, { name: environment.POWERTOOLS_SERVICE_NAME ?? file, file: copy, environment })
    }
  }
  return [...byFile.values()]
}

/** A value of the template; what is known only when deployed is an address that nobody calls. */
const plain = (value: unknown) => (typeof value === "string" ? value : "http://127.0.0.1/unknown")

const lambdaEnvironment = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" }

function initMs({ file, environment }: Entry): number {
  const program = `
    const started = performance.now()
    require(${JSON.stringify(file)})
    process.stdout.write(String(performance.now() - started))
    process.exit(0)`
  const said = execFileSync(process.execPath, ["--no-warnings", "--input-type=commonjs", "-e", program], {
    env: { ...lambdaEnvironment, ...environment },
    encoding: "utf8",
    cwd: tmpdir(),
  })
  return Number(said)
}
