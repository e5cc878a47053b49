import { type App, busType } from "../core/manifest.ts"
import { commandsOf } from "./commands.ts"
import { eventSchemas, type JsonSchema, jsonSchemaOf } from "./messageSchemas.ts"

const text = { type: "string" }
const count = { type: "integer", minimum: 0 }

/** Attributes that every message on the bus has. */
const envelope: JsonSchema = {
  type: "object",
  description: "A CloudEvents 1.0 document with the extensions of this bus.",
  properties: {
    specversion: { const: "1.0" },
    id: { ...text, description: "An event's is `<stream>/<version>`: the same on every publication." },
    source: { ...text, description: "`/foldline/<context>`" },
    type: { ...text, description: "`<context>.<Message>`" },
    subject: { ...text, description: "The stream; of a command the aggregate's id, when it is known." },
    time: { type: "string", format: "date-time" },
    datacontenttype: { const: "application/json" },
    dataschema: { ...text, description: "`urn:foldline:<context>:<Message>:<schema version>`" },
    traceid: { ...text, description: "The conversation: the same from the first request to its last consequence." },
    causationid: { ...text, description: "The message that directly caused this one." },
    commandid: { ...text, description: "The idempotency key of the command behind it." },
    actor: text,
    tenant: text,
    hops: { ...count, description: "How many automations lie between the first request and this message." },
    traceparent: { ...text, description: "W3C trace context." },
  },
  required: [
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "dataschema",
    "traceid",
    "commandid",
    "actor",
    "tenant",
    "hops",
    "data",
  ],
}

const commandEnvelope: JsonSchema = {
  allOf: [{ $ref: "#/components/schemas/Envelope" }],
  properties: {
    actorkind: { enum: ["person", "client", "automation", "anonymous"] },
    actoremail: { type: "string", format: "email", description: "Only when the identity provider verified it." },
    actorgroups: { ...text, description: "Comma separated." },
    expectedversion: count,
  },
  required: ["actorkind"],
}

const eventEnvelope: JsonSchema = {
  allOf: [{ $ref: "#/components/schemas/Envelope" }],
  properties: { streamversion: { type: "integer", minimum: 1 } },
  required: ["subject", "streamversion"],
}

const outcomeEnvelope: JsonSchema = {
  allOf: [{ $ref: "#/components/schemas/Envelope" }],
  properties: {
    stream: text,
    data: {
      type: "object",
      properties: {
        status: { enum: ["COMMITTED", "REJECTED", "FAILED"] },
        version: count,
        eventCount: { const: 0 },
        rejection: {
          type: "object",
          properties: { code: text, message: text, path: text },
          required: ["code", "message"],
        },
        reason: text,
        misuse: { type: "boolean", description: "The command id had been used with another input." },
      },
      required: ["status"],
    },
  },
  required: ["stream"],
}

interface BusMessage {
  readonly type: string
  readonly key: string
  readonly summary: string
  readonly envelope: string
  readonly data?: JsonSchema
  readonly dataschema: string
}

/** What goes over the bus, as an AsyncAPI 3 document. */
export function asyncApi(app: App): JsonSchema {
  const commands = commandsOf(app).map(({ context, name, description, aggregate }): BusMessage => {
    const schema = aggregate.commands[name].schema
    return {
      ...names(busType(context.name, name), "command"),
      summary: description,
      envelope: "CommandEnvelope",
      data: withoutRequired(jsonSchemaOf(schema, "input"), aggregate.key),
      dataschema: `urn:foldline:${context.name}:${name}:1`,
    }
  })
  const events = Object.entries(eventSchemas(app)).map(
    ([type, { schemaVersion, schema }]): BusMessage => ({
      ...names(type, "event"),
      summary: String(schema.description ?? ""),
      envelope: "EventEnvelope",
      data: schema,
      dataschema: `urn:foldline:${type.replace(".", ":")}:${schemaVersion}`,
    }),
  )
  const outcomes = commandsOf(app).map(
    ({ context, name }): BusMessage => ({
      ...names(busType(context.name, name), "outcome"),
      summary: `${name} ended without an event: refused, failed, or already so.`,
      envelope: "OutcomeEnvelope",
      dataschema: `urn:foldline:${context.name}:Outcome:1`,
    }),
  )
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Messages on the bus",
      version: "1.0.0",
      description:
        "Generated from the contexts by `npm run generate`. Each message is the `detail` of an EventBridge event; `detail-type` is its `type`, and the channel's address is the event's `source`.",
    },
    defaultContentType: "application/json",
    channels: {
      commands: channel("foldline.actor", "Commands as actors asked for them.", commands),
      events: channel("foldline.domain", "Facts: published if and only if they were committed, at least once.", events),
      outcomes: channel("foldline.outcome", "Commands that ended without an event.", outcomes),
    },
    operations: {
      decide: { action: "receive", channel: { $ref: "#/channels/commands" } },
      publishEvents: { action: "send", channel: { $ref: "#/channels/events" } },
      publishOutcomes: { action: "send", channel: { $ref: "#/channels/outcomes" } },
    },
    components: {
      messages: Object.fromEntries(
        [...commands, ...events, ...outcomes].map(message => [message.key, messageText(message)]),
      ),
      schemas: {
        Envelope: envelope,
        CommandEnvelope: commandEnvelope,
        EventEnvelope: eventEnvelope,
        OutcomeEnvelope: outcomeEnvelope,
      },
    },
  }
}

const names = (type: string, kind: string) => ({ type, key: `${kind}.${type}` })

const channel = (address: string, description: string, messages: readonly BusMessage[]) => ({
  address,
  description,
  messages: Object.fromEntries(messages.map(({ key, type }) => [type, { $ref: `#/components/messages/${key}` }])),
})

const messageText = ({ type, summary, envelope, data, dataschema }: BusMessage) => ({
  name: type,
  summary,
  contentType: "application/cloudevents+json",
  payload: {
    allOf: [{ $ref: `#/components/schemas/${envelope}` }],
    properties: { type: { const: type }, dataschema: { const: dataschema }, ...(data === undefined ? {} : { data }) },
  },
})

/** The aggregate's id may be missing: one is derived then. */
const withoutRequired = (schema: JsonSchema, field: string): JsonSchema => ({
  ...schema,
  required: Array.isArray(schema.required) ? schema.required.filter(name => name !== field) : [],
})
