/** The program of the server beside which queries are measured: graphql-js, documents parsed and validated once, one SDK call a field. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb"
import { buildSchema, type DocumentNode, execute, parse, validate } from "graphql"

const [endpoint = "", TableName = ""] = process.argv.slice(2)
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }))

const schema = buildSchema(`
  type Query { account(accountId: ID!): Account  members(accountId: ID!): Members! }
  type Account { name: String slug: String status: String version: Int members: Members! invitations: Invitations! }
  type Members { items: [Member!]! }
  type Member { personId: ID role: String name: String }
  type Invitations { items: [Invitation!]! }
  type Invitation { email: String }
`)

const get = async (id: string) => {
  const Key = { partition: `${id}/account.1`, sort: "." }
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
  return Item === undefined ? null : { ...Item.row, version: Item.version }
}
const page = async (id: string) => {
  const { Items } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "#partition = :partition",
      ExpressionAttributeNames: { "#partition": "partition" },
      ExpressionAttributeValues: { ":partition": id },
      Limit: 20,
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
server.listen(0, "127.0.0.1", () =>
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`),
)
process.once("disconnect", () => process.exit(0))
