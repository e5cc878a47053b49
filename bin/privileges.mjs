/** What roles of the template may do and no test ever needed: the last check of `npm test`. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const mapping = "AWS's event source mappings ask for it"
const logs = "the host writes what functions print to a file"
const timers = "a timer whose time has passed when it would be set sends its command itself"
const redrive = "what waited may be any command: it takes what deciding it takes"

/** What is granted though no test's host needs it, and why; `npx foldline chaos` needs most of it, in processes of its own. */
const granted = [
  [/may dynamodb:(ListStreams|DescribeStream|GetRecords|GetShardIterator) /, mapping],
  [/may sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|ChangeMessageVisibility) /, mapping],
  [/may sqs:SendMessage /, "Lambda and Scheduler leave dead letters with it"],
  [/may xray:/, "the host has no X-Ray"],
  [/may logs:/, logs],
  [
    /-Notifier may appsync:GraphQL on \S+\/(expireInvitation|continueKeyDelivery|continueMetricsDelivery|continueCellWork)$/,
    timers,
  ],
  [
    /-Notifier may dynamodb:DeleteItem on \S+-IdempotencyStore-/,
    "powertools takes back the record of an effect that threw",
  ],
  [/-DomainBehavior may dynamodb:GetItem on \S+-Outbox-/, "a command that waits behind a marker already is recognized"],
  [/-CaretakerRole\S+ may dynamodb:ConditionCheckItem on \S+-EventStore-/, redrive],
  [/-CaretakerRole\S+ may (dynamodb:PutItem on \S+-KeyTable-|kms:GenerateDataKey )/, redrive],
  [/-CaretakerRole\S+ may appsync:GraphQL /, "somebody may wait for the receipt of a row that no reader could deliver"],
]

/** All functions of a room are made alike: what one of them needed is needed. */
const roomOf = roleName => /^[^-]+-(DomainBehavior|Notifier)/.exec(roleName)?.[0] ?? roleName

const textOf = ({ roleName, resources }, action) => {
  // Every host makes its streams at another time.
  const where = resources.map(resource => resource.replace(/(\/stream\/).*/, "$1*")).join(", ")
  return `${roomOf(roleName)} may ${action} on ${where}`
}

/** What each host left unused, from the folder where tests' hosts note it: in no host did fewer roles leave it unused than in another. */
export function neverUsed(folder) {
  const notes = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith(".json")) : []
  const perHost = notes.map(file => countsOf(JSON.parse(readFileSync(join(folder, file), "utf8"))))
  const most = new Map()
  for (const [text, count] of perHost.flatMap(counts => [...counts]))
    most.set(text, Math.max(count, most.get(text) ?? 0))
  const unused = [...most].filter(([text, count]) => perHost.every(counts => counts.get(text) === count))
  return { hosts: perHost.length, unused: unused.map(([text]) => text).sort() }
}

/** How many roles of a room left a statement unused. */
function countsOf(statements) {
  const counts = new Map()
  for (const statement of statements)
    for (const text of statement.actions.map(action => textOf(statement, action)))
      if (!granted.some(([pattern]) => pattern.test(text))) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}
