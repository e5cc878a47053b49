import {
  CreateTableCommand,
  type DynamoDBClient,
  type KeyType,
  type ScalarAttributeType,
} from "@aws-sdk/client-dynamodb"

/** Makes a table on demand from its key (`"stream:S version:N"`), indexes by name and, when given, the view of its stream. */
export async function createTable(
  client: Pick<DynamoDBClient, "send">,
  name: string,
  key: string,
  indexes: Readonly<Record<string, string>> = {},
  stream?: "NEW_IMAGE",
): Promise<void> {
  const attributes = new Map([key, ...Object.values(indexes)].flatMap(parts).map(({ name, type }) => [name, type]))
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [...attributes].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keySchema(key),
      ...(Object.keys(indexes).length === 0
        ? {}
        : {
            GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, indexKey]) => ({
              IndexName,
              KeySchema: keySchema(indexKey),
              Projection: { ProjectionType: "KEYS_ONLY" as const },
            })),
          }),
      ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    }),
  )
}

const parts = (key: string) =>
  key.split(" ").map(part => {
    const [name = "", type] = part.split(":")
    return { name, type: (type === "N" ? "N" : "S") satisfies ScalarAttributeType as ScalarAttributeType }
  })

const keySchema = (key: string) =>
  parts(key).map(({ name }, index) => ({
    AttributeName: name,
    KeyType: (index === 0 ? "HASH" : "RANGE") satisfies KeyType as KeyType,
  }))
