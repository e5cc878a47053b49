import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { createClock } from "../../../src/host/clock.ts"
import { openDurableMap } from "../../../src/host/durable.ts"
import { AwsError, type Faults, type Host, type Json, type JsonObject, type Service } from "../../../src/host/host.ts"
import { createIamService } from "../../../src/host/iam/service.ts"

/** A host of one or two services behind an HTTP server, as SDK clients see it. */
export interface TestHost {
  readonly host: Host
  readonly warnings: string[]
  readonly folder: string
  /** What an SDK client needs; with a role name the calls are signed as that role. */
  client(roleName?: string): {
    endpoint: string
    region: string
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  }
  role(name: string, statements: JsonObject[]): void
  serve(service: Service): void
  close(): Promise<void>
}

export async function startTestHost(given: { folder?: string; faults?: Faults } = {}): Promise<TestHost> {
  const folder = given.folder ?? mkdtempSync(join(tmpdir(), "foldline-test-"))
  const services: Service[] = []
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`
  const warnings: string[] = []
  const opened: { close(): void }[] = []
  const parts = {
    region: "eu-west-1",
    accountId: "123456789012",
    url,
    dataFolder: folder,
    clock: createClock(),
    faults: given.faults ?? { at: () => undefined },
    log: { info: () => {}, warn: (_: string, message: string) => warnings.push(message), lambda: () => {} },
    durable: <T extends Json>(name: string) => {
      const map = openDurableMap<T>(join(folder, `${name}.jsonl`))
      opened.push(map)
      return map
    },
  }
  const host = parts as unknown as Host
  const iam = createIamService(host)
  Object.assign(host, { iam })

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.from(await text(request))
    const { pathname, searchParams } = new URL(request.url ?? "/", url)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const service = /\/([\w-]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1] ?? ""
    const send = (status: number, content: string | Buffer) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(content)
    try {
      const signed = { method: "POST", path: pathname, query: searchParams, headers, body }
      const principal = await iam.verify(signed)
      const operation = headers["x-amz-target"]?.split(".").at(-1)
      const handler = services.find(one => one.signingNames.includes(service))
      const reply = await handler?.handle?.({ ...signed, service, operation, principal, requestId: randomUUID() })
      const content = reply?.body ?? {}
      send(
        reply?.status ?? 200,
        typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
      )
    } catch (error) {
      if (!(error instanceof AwsError))
        return send(500, JSON.stringify({ __type: "InternalFailure", message: String(error) }))
      send(error.status, JSON.stringify({ __type: error.code, message: error.message, ...error.detail }))
    }
  }

  return {
    host,
    warnings,
    folder,
    client: roleName => ({
      endpoint: url,
      region: "eu-west-1",
      credentials:
        roleName === undefined
          ? { accessKeyId: "local", secretAccessKey: "local" }
          : iam.credentialsFor(`arn:aws:iam::123456789012:role/${roleName}`, "test"),
    }),
    role: (name, statements) => {
      iam.resources?.["AWS::IAM::Role"]?.create({
        logicalId: name,
        stackName: "test",
        type: "AWS::IAM::Role",
        metadata: {},
        physicalName: name,
        properties: {
          RoleName: name,
          Policies: [{ PolicyName: "p", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
        },
      })
    },
    serve: service => services.push(service),
    close: async () => {
      for (const service of services) await service.stop?.()
      for (const map of opened) map.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      if (given.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
