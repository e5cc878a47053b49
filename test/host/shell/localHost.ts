import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { JsonObject } from "../../../src/host/host.ts"
import type { HostOptions, RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"

/** Starts a host on a template with these resources. */
export function hostWith(resources: JsonObject, options: Partial<HostOptions> = {}): Promise<RunningHost> {
  const folder = mkdtempSync(join(tmpdir(), "host-"))
  const template = join(folder, "app.json")
  writeFileSync(template, JSON.stringify({ Resources: resources }))
  return startHost({ template, port: 0, ...options })
}

/** Settings of an SDK client that talks to the host, as administrator or as a role of the template. */
export function clientOf({ url, host, local }: RunningHost, roleLogicalId?: string) {
  const roleArn = `arn:aws:iam::${host.accountId}:role/${local.resources[`app.${roleLogicalId}`]}`
  const credentials =
    roleLogicalId === undefined
      ? { accessKeyId: "local", secretAccessKey: "local" }
      : host.iam.credentialsFor(roleArn, "session")
  return { endpoint: url, region: host.region, credentials, maxAttempts: 1 }
}

export function roleWith(...statements: JsonObject[]): JsonObject {
  const document = { Version: "2012-10-17", Statement: statements }
  return { Type: "AWS::IAM::Role", Properties: { Policies: [{ PolicyName: "p", PolicyDocument: document }] } }
}

/** A function of this code, under the role that the template calls `Role`; with time enough for a busy machine. */
export const functionOf = (ZipFile: string, more: JsonObject = {}): JsonObject => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    Handler: "index.handler",
    Runtime: "nodejs20.x",
    Timeout: 30,
    Role: { "Fn::GetAtt": ["Role", "Arn"] },
    Code: { ZipFile },
    ...more,
  },
})
