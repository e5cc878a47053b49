import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb"
import type { ReceiptStatus } from "../../core/outcome.ts"
import type { Receipts } from "../../core/receipts.ts"

/** Where commands stand, from the trace table. */
export const dynamoReceipts = (client: DynamoDBDocumentClient, table: string): Receipts => ({
  async status({ actor, commandId, tenant }) {
    const { Item } = await client.send(
      new GetCommand({
        TableName: table,
        Key: { id: `receipt/${actor}/${commandId}`, step: tenant },
        ConsistentRead: true,
        ProjectionExpression: "#status",
        ExpressionAttributeNames: { "#status": "status" },
      }),
    )
    return Item?.status as ReceiptStatus | undefined
  },
})
