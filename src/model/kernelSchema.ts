import { groupDirective, supportGroup } from "./audience.ts"
import { supportFields, supportTypes } from "./supportOperations.ts"

const backend = "@aws_iam"
const people = "@aws_cognito_user_pools"
const support = groupDirective([supportGroup])

/** What every API of this kind has beside its domain; `anonymous` when something may be asked without signing in. */
export const kernelQueries = (anonymous: boolean) => `
  "Where a command of yours stands; null: not known yet. Without \`tenant\` it is the newest receipt with this command id."
  receipt(commandId: ID!, tenant: ID): CommandReceipt${openTo(anonymous)}
  "Everything that happened under a trace id, by time."
  trace(traceId: ID!): Trace ${support}
  "Traces by a command id, aggregate id, actor, e-mail address or other declared key; newest first."
  findTraces(text: String!, limit: Int, nextToken: String): TracePage! ${support}
  "The events and the state of one aggregate, now, at a version or at a time; the last \`limit\` events are listed. Without \`tenant\` the aggregate is the tenant itself. Personal values are masked unless \`reveal\` is yours."
  history(aggregate: String!, id: ID!, tenant: ID, atVersion: Int, atTime: AWSDateTime, limit: Int, reveal: ID): History ${support}${supportFields("Query")}`

/** Mutations by which the backend pushes to subscribers; no person may call them. */
export const kernelMutations = `
  "Pushes a receipt to its sender."
  publishReceipt(receipt: ReceiptInput!): CommandReceipt ${backend}
  "Pushes a step to whoever watches its trace."
  publishTraceStep(step: TraceStepInput!): TraceStep ${backend}
  "Pushes a notice that rows of a live view have changed."
  publishViewChange(change: ViewChangeInput!): ViewChange ${backend}${supportFields("Mutation")}`

/** Subscriptions to receipts and traces. */
export const kernelSubscriptions = (anonymous: boolean) => `
  "Each move of a receipt of yours."
  onReceipt(commandId: ID!): CommandReceipt @aws_subscribe(mutations: ["publishReceipt"])${openTo(anonymous)}
  "Each new step of a trace. Steps are pushed while somebody subscribes, a day at the longest."
  onTrace(traceId: ID!): TraceStep @aws_subscribe(mutations: ["publishTraceStep"]) ${support}`

const openTo = (anonymous: boolean) => (anonymous ? ` @aws_api_key ${people}` : "")

const receiptFields = (rejection: string) => `
  commandId: ID!
  traceId: ID!
  status: CommandStatus!
  "Null until it is known: an id that the client left out is derived."
  aggregateId: ID
  "Version of the aggregate that the outcome led to or was judged by."
  version: Int
  rejection: ${rejection}
  "Why it failed."
  reason: String`

const stepFields = `
  traceId: ID!
  "accepted, committed, unchanged, rejected, failed, alreadyProcessed, event, view, projection, reaction, effect, parked or released"
  kind: String!
  "The message that this step handled."
  causeId: String!
  "Who did it: a command, event, view or automation by name."
  component: String!
  attempt: Int
  at: AWSDateTime!
  message: String
  actor: String
  commandId: ID
  causationId: String
  stream: String
  version: Int
  "Masked."
  data: AWSJSON`

const changeFields = `
  view: String!
  "First field of the changed rows' key, percent-encoded."
  scope: String!
  "The stream that changed them."
  key: String!
  "Its version: what to wait for when reading again."
  version: Int!
  "The stream gives no rows in this scope any more."
  gone: Boolean!`

/** Types that do not depend on the domain. */
export const kernelTypes = (anonymous: boolean) => `
"How far a command has come. It only moves forward; PARKED leads on to an outcome."
enum CommandStatus {
  "Published; nothing is decided."
  ACCEPTED
  "Decided: its events are in the store."
  COMMITTED
  "Every view over its aggregate is written."
  PROJECTED
  "Refused; see \`rejection\`."
  REJECTED
  "It could not be decided; see \`reason\`."
  FAILED
  "Set aside with its successors until it is released."
  PARKED
}

"Where a command stands."
type CommandReceipt ${[backend, people, ...(anonymous ? ["@aws_api_key"] : [])].join(" ")} {${receiptFields("Rejection")}
  "The command was sent again; this is the outcome of the first time."
  duplicate: Boolean!
  "False in the answer to a mutation without \`commandId\`: sending it again would take effect again."
  protected: Boolean!
  actor: ID!
  tenant: ID!
  acceptedAt: AWSDateTime
  settledAt: AWSDateTime
}

"Why a command was refused."
type Rejection ${[backend, people, ...(anonymous ? ["@aws_api_key"] : [])].join(" ")} {
  code: String!
  message: String!
  "The input field that it concerns."
  path: String
}

"Everything that happened under one trace id."
type Trace ${support} {
  traceId: ID!
  steps: [TraceStep!]!
  "There are more steps than one answer holds."
  truncated: Boolean!
}

"One step of a request."
type TraceStep ${backend} ${support} {${stepFields}
}

"A page of traces."
type TracePage ${support} {
  items: [TraceFound!]!
  nextToken: String
}

"A trace that matches."
type TraceFound ${support} {
  traceId: ID!
  at: AWSDateTime!
}

"The life of one aggregate."
type History ${support} {
  stream: String!
  "Version of \`state\`."
  version: Int!
  "Masked, unless revealed."
  state: AWSJSON
  events: [HistoryEvent!]!
}

"An event of one aggregate."
type HistoryEvent ${support} {
  version: Int!
  type: String!
  "Masked, unless revealed."
  data: AWSJSON!
  at: AWSDateTime!
  actor: String!
  traceId: ID!
  commandId: ID!
}

${supportTypes}
"Rows of a live view have changed; read them again."
type ViewChange ${[backend, people, ...(anonymous ? ["@aws_api_key"] : [])].join(" ")} {${changeFields}
}

"How a command of an automation continues the trace of its event; refused from anybody else."
input ThreadInput {
  traceId: ID!
  causationId: ID!
  hops: Int!
  automation: String!
}

input ReceiptInput {${receiptFields("RejectionInput")}
  duplicate: Boolean
  protected: Boolean
  actor: ID!
  tenant: ID!
  acceptedAt: AWSDateTime
  settledAt: AWSDateTime
}

input RejectionInput {
  code: String!
  message: String!
  path: String
}

input TraceStepInput {${stepFields}
}

input ViewChangeInput {${changeFields}
}`
