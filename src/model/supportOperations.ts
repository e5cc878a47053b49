import { groupDirective, supportGroup } from "./audience.ts"
import { upkeepOperations, upkeepTypes } from "./upkeepOperations.ts"

/** What the support group may ask of the caretaker beyond reading; `src/lambdas/supportOperations.ts` answers under the same name. */
export interface SupportOperation {
  readonly typeName: "Query" | "Mutation"
  readonly fieldName: string
  readonly description: string
  /** Arguments and type of the field as GraphQL text. */
  readonly signature: string
}

export const supportOperations: readonly SupportOperation[] = [
  {
    typeName: "Query",
    fieldName: "parked",
    description: "What is set aside: streams that cannot be folded, and deliveries that failed for good.",
    signature: "(limit: Int, nextToken: String): ParkedPage!",
  },
  {
    typeName: "Query",
    fieldName: "rehearse",
    description: "What a redrive of this stream would do with the code as it is; nothing is written.",
    signature: "(stream: ID!): Rehearsal!",
  },
  {
    typeName: "Mutation",
    fieldName: "redrive",
    description:
      "Releases a stream that can be folded again: what waits behind it is decided in order of arrival. Who released it is recorded as an event. Repeat while `left` is not 0.",
    signature: "(stream: ID!): Redrive!",
  },
  {
    typeName: "Mutation",
    fieldName: "reveal",
    description:
      "Records as an event that you look at the personal values of an aggregate, and why; then `history` shows them to you for 15 minutes. Without `tenant` the aggregate is the tenant itself.",
    signature: "(aggregate: String!, id: ID!, tenant: ID, reason: String!): Reveal!",
  },
  ...upkeepOperations,
]

const support = groupDirective([supportGroup])

/** The operations as fields of a root type. */
export const supportFields = (typeName: SupportOperation["typeName"]): string =>
  supportOperations
    .filter(operation => operation.typeName === typeName)
    .map(
      ({ fieldName, description, signature }) =>
        `\n  ${JSON.stringify(description)}\n  ${fieldName}${signature} ${support}`,
    )
    .join("")

/** The types of their answers. */
export const supportTypes = `"A page of what is set aside."
type ParkedPage ${support} {
  items: [Parked!]!
  nextToken: String
}

"Something that is set aside until it is released."
type Parked ${support} {
  "stream: it cannot be folded, and its commands wait; delivery: a message that a function could not handle."
  kind: String!
  stream: ID!
  "Why; the same text for the same fault."
  cause: String!
  at: AWSDateTime!
  "The first version that may not be written, or the version of the event that was not handled."
  version: Int
  "What waits, in order of arrival."
  waiting: [Waiting!]!
}

"A command that waits behind a stream, or a message that waits to be delivered."
type Waiting ${support} {
  "The type of the command or event."
  type: String!
  traceId: ID!
  commandId: ID!
  actor: ID!
  at: AWSDateTime!
}

"What a redrive would do."
type Rehearsal ${support} {
  stream: ID!
  "Can the stream be folded by the code as it is?"
  folds: Boolean!
  "Why not."
  cause: String
  version: Int
  "At most the first 200."
  commands: [RehearsedCommand!]!
  "How many more wait that were not looked at; the views, too, tell of the commands above only."
  left: Int!
  "How rows of views would change."
  views: [ViewDifference!]!
}

"How a waiting command would end."
type RehearsedCommand ${support} {
  type: String!
  commandId: ID!
  traceId: ID!
  actor: ID!
  status: CommandStatus!
  "Masked."
  events: [RehearsedEvent!]!
  rejection: Rejection
  reason: String
}

"An event that would be stored."
type RehearsedEvent ${support} {
  version: Int!
  type: String!
  "Masked."
  data: AWSJSON!
}

"A row of a view as it is and as it would be; masked."
type ViewDifference ${support} {
  view: String!
  key: String!
  before: AWSJSON
  after: AWSJSON
}

"How far a redrive has come."
type Redrive ${support} {
  stream: ID!
  "RELEASED: nothing waits any more; RELEASING: ask again; PARKED: it still cannot be folded."
  status: String!
  "Commands decided and messages delivered this time."
  released: Int!
  left: Int!
  cause: String
}

"Leave to see the personal values of one aggregate for a while."
type Reveal ${support} {
  "Id of the event that records it: what \`history\` takes. Null when it was refused."
  reveal: ID
  until: AWSDateTime
  rejection: Rejection
}

${upkeepTypes}`
