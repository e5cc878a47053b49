import { EventBridgeClient } from "@aws-sdk/client-eventbridge"
import { KMSClient } from "@aws-sdk/client-kms"
import { signedGraphql } from "../adapters/appsync/client.ts"
import { appsyncPush } from "../adapters/appsync/push.ts"
import { documentClient } from "../adapters/dynamodb/client.ts"
import { dynamoDeliveries } from "../adapters/dynamodb/deliveries.ts"
import { dynamoEventStore } from "../adapters/dynamodb/eventStore.ts"
import { dynamoOutbox } from "../adapters/dynamodb/outbox.ts"
import { dynamoParking } from "../adapters/dynamodb/parking.ts"
import { dynamoReceipts } from "../adapters/dynamodb/receipts.ts"
import { dynamoRecords } from "../adapters/dynamodb/records.ts"
import { dynamoTrack } from "../adapters/dynamodb/track.ts"
import { dynamoViewStore } from "../adapters/dynamodb/viewStore.ts"
import { dynamoWatchers } from "../adapters/dynamodb/watchers.ts"
import { dynamoWrappedKeys } from "../adapters/dynamodb/wrappedKeys.ts"
import { pauseWithJitter, required } from "../adapters/environment.ts"
import { eventBridgePublisher } from "../adapters/eventbridge/publisher.ts"
import { kmsSubjectKeys } from "../adapters/kms/subjectKeys.ts"
import { subjectCipher } from "../adapters/personal/cipher.ts"
import { sha256 } from "../adapters/secrets/secret.ts"
import { type AnyAggregate, reducerText } from "../core/aggregate.ts"

/** Hashes by aggregate, put in by the bundler; without it the reducer's own text is hashed. */
declare const FOLDLINE_REDUCER_HASHES: string | undefined
const bundledHashes: Readonly<Record<string, string>> =
  typeof FOLDLINE_REDUCER_HASHES === "string" ? JSON.parse(FOLDLINE_REDUCER_HASHES) : {}

export const client = documentClient()

/** Makes a value at first use and keeps it: a function loads only what it asks for. */
const once = <Value>(make: () => Value) => {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A function that meets no personal value has no access to keys: they are looked for when the first one comes. */
const subjectKeys = /* @__PURE__ */ once(() =>
  kmsSubjectKeys(new KMSClient({}), required("KMS_KEY_ID"), dynamoWrappedKeys(client, required("TABLE_KEYS"))),
)
export const cipher = /* @__PURE__ */ once(() =>
  subjectCipher({ keyOf: async (subject, make) => subjectKeys().keyOf(subject, make) }),
)
const eventTables = () => ({
  events: required("TABLE_EVENTS"),
  idempotency: process.env.TABLE_IDEMPOTENCY ?? "",
  outbox: process.env.TABLE_OUTBOX ?? "",
})
export const eventStore = /* @__PURE__ */ once(() => dynamoEventStore(client, eventTables(), cipher()))
export const parking = /* @__PURE__ */ once(() => dynamoParking(client, eventTables(), cipher()))
export const deliveries = /* @__PURE__ */ once(() => dynamoDeliveries(client, required("TABLE_OUTBOX"), cipher()))
export const outbox = /* @__PURE__ */ once(() => dynamoOutbox(client, required("TABLE_OUTBOX"), cipher()))
export const viewStore = /* @__PURE__ */ once(() => dynamoViewStore(client, required("TABLE_VIEWS")))
export const records = /* @__PURE__ */ once(() => dynamoRecords(client, required("TABLE_IDEMPOTENCY")))
export const receipts = /* @__PURE__ */ once(() => dynamoReceipts(client, required("TABLE_TRACE")))
export const track = /* @__PURE__ */ once(() => dynamoTrack(client, required("TABLE_TRACE")))
export const push = /* @__PURE__ */ once(() =>
  appsyncPush(signedGraphql(required("API_URL")), dynamoWatchers(client, required("TABLE_TRACE"))),
)
export const publisher = /* @__PURE__ */ once(() =>
  eventBridgePublisher(new EventBridgeClient({}), required("BUS_NAME"), cipher()),
)
/** Publishes what actors ask for, which holds no personal value yet that is to be sealed. */
export const actorPublisher = /* @__PURE__ */ once(() =>
  eventBridgePublisher(new EventBridgeClient({}), required("BUS_NAME"), { seal: async data => JSON.stringify(data) }),
)

export const hash = sha256
export const now = () => new Date().toISOString()
export const pause = pauseWithJitter(25, 1_000)
export const reducerHash = (aggregate: AnyAggregate): string =>
  bundledHashes[aggregate.name] ?? sha256(reducerText(aggregate))
