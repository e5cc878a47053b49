import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
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
    const files = [["bare SDK clients", join(bare.folder("bare"), "index.mjs")] as const, ...functionsOf(cloudAssembly)]
    const taken = new Map<string, number[]>()
    for (let round = 1; round <= (quick ? 3 : 15); round++) {
      tell(`start of functions, round ${round}`)
      for (const [name, file] of files) taken.set(name, [...(taken.get(name) ?? []), initMs(file)])
    }
    return files.map(([name, file]) => ({
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

/** Bundles by the description of the function that runs them; functions that share one are named once. */
function functionsOf(cloudAssembly: string): readonly (readonly [string, string])[] {
  const byFolder = new Map<string, string>()
  for (const file of readdirSync(cloudAssembly).filter(name => name.endsWith(".template.json"))) {
    const { Resources } = JSON.parse(readFileSync(join(cloudAssembly, file), "utf8")) as {
      Resources: Record<
        string,
        {
          Type: string
          Properties: { Code?: { S3Key?: string }; Environment?: { Variables?: { POWERTOOLS_SERVICE_NAME?: string } } }
        }
      >
    }
    for (const { Type, Properties } of Object.values(Resources)) {
      const asset = Properties?.Code?.S3Key?.replace(/\.zip$/, "")
      const name = Properties?.Environment?.Variables?.POWERTOOLS_SERVICE_NAME
      if (Type === "AWS::Lambda::Function" && asset !== undefined && name !== undefined)
        byFolder.set(join(cloudAssembly, `asset.${asset}`, "index.mjs"), name)
    }
  }
  return [...byFolder].map(([file, name]) => [name, file] as const)
}

/** What a handler finds in its environment; nothing of it is called. */
const environment = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  PATH: process.env.PATH ?? "",
}

function initMs(file: string): number {
  const program = `
    for (const name of ["API_URL", "AUTOMATION", "APP_SECRET_ID", "TABLE_EVENTS", "TABLE_IDEMPOTENCY", "TABLE_OUTBOX", "TABLE_VIEWS", "TABLE_TRACE", "TABLE_KEYS", "KMS_KEY_ID", "BUS_NAME", "CONTEXT", "DEAD_LETTERS_URL"])
      process.env[name] ??= name === "API_URL" ? "http://127.0.0.1/graphql" : name === "AUTOMATION" ? "mailInvitationOnMemberInvited" : "x"
    const started = performance.now()
    await import(${JSON.stringify(file)})
    process.stdout.write(String(performance.now() - started))
    process.exit(0)`
  const said = execFileSync(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], {
    env: { ...environment },
    encoding: "utf8",
    cwd: tmpdir(),
  })
  return Number(said)
}
