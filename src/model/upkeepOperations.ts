import { groupDirective, supportGroup } from "./audience.ts"

/** What the support group may ask of the caretaker about stores and views. */
export const upkeepOperations = [
  {
    typeName: "Mutation",
    fieldName: "forget",
    description:
      "Forgets a person, with the verified address, or an e-mail address: destroys the data keys and purges views, unique values, parked commands and ways to find traces. Repeat with `next` while there is one.",
    signature: "(subject: String!, next: String): ForgetCertificate!",
  },
  {
    typeName: "Mutation",
    fieldName: "rebuild",
    description:
      "Starts, goes on with, pauses or resumes the rebuild of a view or projection; `version` names one that is not served yet. NEXT does one slice of `limit` streams: repeat it while the rebuild is RUNNING.",
    signature: "(view: String!, version: Int, action: RebuildAction!, dryRun: Boolean, limit: Int): Rebuild!",
  },
  {
    typeName: "Mutation",
    fieldName: "verify",
    description:
      "Compares rows with a fold of their events: of `sample` streams, or of all by slices; repeat with `cursor` while there is one. `heal` writes what drifted.",
    signature: "(view: String!, version: Int, sample: Int, heal: Boolean, cursor: String, limit: Int): Verification!",
  },
  {
    typeName: "Mutation",
    fieldName: "reconcile",
    description:
      "After a restore of a store: forgets again who was forgotten, rebuilds rows that are ahead of the event store, takes back commands whose events are lost. Repeat with `next` while there is one.",
    signature: "(next: String): Reconciliation!",
  },
  {
    typeName: "Mutation",
    fieldName: "replay",
    description:
      "Hands stored events to one consumer again: a view, a projection, `trackAndTrace`, or an automation by its name. Repeat with `cursor` while there is one.",
    signature:
      "(to: String!, aggregate: String, type: String, from: AWSDateTime, until: AWSDateTime, cursor: String, limit: Int): Replay!",
  },
] as const

const support = groupDirective([supportGroup])

/** The types of their answers. */
export const upkeepTypes = `"Proof that somebody was forgotten, without saying who."
type ForgetCertificate ${support} {
  "SHA-256 of the subject."
  subject: String!
  "When the data key was destroyed, and with it every personal value in events, snapshots, outbox rows and parked commands."
  forgottenAt: AWSDateTime!
  "SHA-256 of what was forgotten together with it: a person's id and verified address belong together."
  also: [String!]!
  at: AWSDateTime!
  purged: Purged!
  "What a second look found and removed: all zero when nothing had come back."
  cameBack: Purged!
  "Where forgetting does not reach."
  unreached: [String!]!
  next: String
}

"What one run of forgetting removed or wrote anew."
type Purged ${support} {
  "Streams that speak of the subject."
  streams: Int!
  "Unique values that are free again."
  claims: Int!
  "Rows of views and projections."
  rows: Int!
  "Ways to find a trace."
  pointers: Int!
  "Dead letters and kept messages that nobody handled."
  letters: Int!
  "Parked commands, which ended FAILED."
  waiting: Int!
}

"What to do with a rebuild."
enum RebuildAction {
  START
  NEXT
  PAUSE
  RESUME
}

"Where a rebuild stands."
enum RebuildStatus {
  RUNNING
  PAUSED
  DONE
}

"The rebuild of a view or projection."
type Rebuild ${support} {
  "Name and version."
  view: String!
  dryRun: Boolean!
  status: RebuildStatus!
  estimate: Estimate!
  "Streams done."
  streams: Int!
  "Rows looked at."
  rows: Int!
  "Rows written or removed."
  written: Int!
  "Differences from a fold of the events, by kind."
  found: [Found!]!
  "The first of them."
  samples: [Difference!]!
  startedAt: AWSDateTime!
  updatedAt: AWSDateTime!
}

"What a rebuild costs at most, by AWS's on-demand prices."
type Estimate ${support} {
  streams: Int!
  events: Int!
  readUnits: Int!
  writeUnits: Int!
  dollars: Float!
}

"How many differences of one kind there are."
type Found ${support} {
  "missing, extra, different, behind (not yet as new as its stream), ahead (newer than its stream) or unfoldable"
  kind: String!
  count: Int!
}

"A row that is not what its events say."
type Difference ${support} {
  view: String!
  stream: ID!
  kind: String!
  fields: [String!]
}

"What was verified."
type Verification ${support} {
  view: String!
  streams: Int!
  rows: Int!
  written: Int!
  found: [Found!]!
  samples: [Difference!]!
  cursor: String
}

"What a slice of a reconciliation did."
type Reconciliation ${support} {
  "Subjects whose data key a backup had brought back."
  shreddedAgain: Int!
  forgotten: Int!
  "Source records looked at, and how many were ahead of their stream."
  sources: Int!
  ahead: Int!
  written: Int!
  lost: [LostCommand!]!
  next: String
}

"A command whose events a restore lost; sent again, it takes effect."
type LostCommand ${support} {
  stream: ID!
  version: Int!
  commandId: ID!
  traceId: ID!
}

"What was replayed."
type Replay ${support} {
  streams: Int!
  events: Int!
  cursor: String
}
`
