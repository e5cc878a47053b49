import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb"
import { buildSchema, type DocumentNode, execute, parse, validate } from "graphql"
import type { Host } from "./host.ts"
import { load, medianRate, type Rate } from "./load.ts"
import type { Bench } from "./report.ts"

/** One query on both servers. */
export interface QueryCell {
  readonly query: string
  readonly workers: number
  readonly foldline: Rate
  readonly bare: Rate
}

const questions = {
  "single item": "query ($id: ID!) { account(accountId: $id) { name slug status version } }",
  "list page": "query ($id: ID!) { members(accountId: $id) { items { personId role name } } }",
  "three levels":
    "query ($id: ID!) { account(accountId: $id) { name members { items { personId role } } invitations { items { email } } } }",
} as const

/** The host's API against graphql-js with documents cached and one bare SDK call a field; neither authorization nor VTL there. */
export async function queries(host: Host, { quick, tell }: Bench): Promise<readonly QueryCell[]> {
  const id = await host.openAccount()
  const bare = await bareServer(host)
  try {
    const cells: QueryCell[] = []
    for (const [query, question] of Object.entries(questions))
      for (const workers of quick ? [8] : [1, 8, 32]) {
        const rates: Record<"foldline" | "bare", Rate[]> = { foldline: [], bare: [] }
        for (let round = 1; round <= (quick ? 1 : 3); round++) {
          tell(`queries, ${query}, ${workers} at once, round ${round}`)
          const seconds = quick ? 1 : 1.5
          rates.foldline.push(await load(workers, seconds, () => host.ask(question, { id })))
          rates.bare.push(await load(workers, seconds, () => bare.ask(question, { id })))
        }
        cells.push({ query, workers, foldline: medianRate(rates.foldline), bare: medianRate(rates.bare) })
      }
    return cells
  } finally {
    await bare.close()
  }
}

const schema = buildSchema(`
  type Query { account(accountId: ID!): Account  members(accountId: ID!): Members! }
  type Account { name: String slug: String status: String version: Int members: Members! invitations: Invitations! }
  type Members { items: [Member!]! }
  type Member { personId: ID role: String name: String }
  type Invitations { items: [Invitation!]! }
  type Invitation { email: String }
`)

async function bareServer(host: Host) {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: host.url, credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  )
  const TableName = host.named("ViewStore")
  const get = async (id: string) =>
    (await client.send(new GetCommand({ TableName, Key: { partition: `${id}/account.1`, sort: "." } }))).Item?.row
  const page = async (id: string) => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "#partition = :partition",
        ExpressionAttributeNames: { "#partition": "partition" },
        ExpressionAttributeValues: { ":partition": id },
      }),
    )
    return { items: (Items ?? []).map(({ row }) => row) }
  }
  const rootValue = {
    account: async ({ accountId }: { accountId: string }) => ({
      ...(await get(accountId)),
      members: () => page(`${accountId}/members.1`),
      invitations: () => page(`${accountId}/invitations.1`),
    }),
    members: ({ accountId }: { accountId: string }) => page(`${accountId}/members.1`),
  }
  const documents = new Map<string, DocumentNode>()
  const documentOf = (query: string): DocumentNode => {
    const known = documents.get(query)
    if (known !== undefined) return known
    const document = parse(query)
    const [error] = validate(schema, document)
    if (error !== undefined) throw error
    documents.set(query, document)
    return document
  }
  const server = createServer(async (request, response) => {
    const { query, variables } = JSON.parse(await text(request)) as { query: string; variables: object }
    const answer = await execute({ schema, document: documentOf(query), rootValue, variableValues: { ...variables } })
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  return {
    ask: async (query: string, variables: object) => {
      const body = JSON.stringify({ query, variables })
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })
      const { errors } = (await response.json()) as { errors?: unknown }
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
    },
    close: () => new Promise(resolve => server.close(resolve)),
  }
}
