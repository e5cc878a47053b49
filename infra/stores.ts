import * as dynamodb from "aws-cdk-lib/aws-dynamodb"
import { Construct } from "constructs"
import { excuse } from "./excuse.ts"
import { keep } from "./keep.ts"

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING })
const number = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.NUMBER })

/** The orders that a view can have besides its own: indexes of the view store that all views share. */
export const viewIndexes = ["index1", "index2", "index3"] as const

/** Tables of their own for events, outcomes, outbox, views, traces and data keys. */
export class Stores extends Construct {
  readonly eventStore = this.table("EventStore", { partitionKey: text("stream"), sortKey: number("version") })
  readonly idempotencyStore = this.table("IdempotencyStore", {
    partitionKey: text("id"),
    timeToLiveAttribute: "expiration",
  })
  readonly outbox = this.table("Outbox", {
    partitionKey: text("stream"),
    sortKey: text("command"),
    timeToLiveAttribute: "expiresAt",
    stream: dynamodb.StreamViewType.NEW_IMAGE,
  })
  readonly viewStore = this.table("ViewStore", {
    partitionKey: text("partition"),
    sortKey: text("sort"),
    timeToLiveAttribute: "expiresAt",
  })
  readonly traceTable = this.table("TraceTable", {
    partitionKey: text("id"),
    sortKey: text("step"),
    timeToLiveAttribute: "expiresAt",
  })
  /** Without point-in-time recovery: a restored backup must not bring back a key that was shredded. */
  readonly keyTable = this.table("KeyTable", {
    partitionKey: text("subject"),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
  })
  readonly outboxStreamArn: string

  constructor(scope: Construct, id: string) {
    super(scope, id)
    if (this.outbox.tableStreamArn === undefined) throw new Error("the outbox has no stream")
    this.outboxStreamArn = this.outbox.tableStreamArn
    const keysOnly = dynamodb.ProjectionType.KEYS_ONLY
    this.eventStore.addGlobalSecondaryIndex({
      indexName: "directory",
      partitionKey: text("directory"),
      sortKey: text("stream"),
      projectionType: keysOnly,
    })
    this.outbox.addGlobalSecondaryIndex({
      indexName: "pending",
      partitionKey: text("pending"),
      sortKey: text("at"),
      projectionType: keysOnly,
    })
    for (const indexName of viewIndexes)
      this.viewStore.addGlobalSecondaryIndex({
        indexName,
        partitionKey: text(indexName.replace("index", "partition")),
        sortKey: text(indexName.replace("index", "sort")),
      })
    excuse(this.keyTable, "AwsSolutions-DDB3", "A restored backup must not bring back a data key that was shredded.")
  }

  private table(id: string, props: dynamodb.TableProps) {
    const table = new dynamodb.Table(this, id, {
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      ...props,
    })
    keep(table, id)
    return table
  }
}
