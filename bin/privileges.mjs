/** What roles of the template may do and no test ever needed: the last check of `npm test`. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** Actions that no test on the host can need, and why they are granted. */
const granted = {
  "dynamodb:ListStreams": "AWS's event source mappings ask for it before they read a stream",
  "dynamodb:DescribeStream": "AWS's event source mappings ask for it before they read a stream",
  "dynamodb:GetRecords": "AWS's event source mappings read with it; the caretaker reads what a dead letter only names",
  "dynamodb:GetShardIterator": "as dynamodb:GetRecords",
  "sqs:ReceiveMessage": "AWS's event source mapping reads the queue with it",
  "sqs:DeleteMessage": "AWS's event source mapping empties the queue with it",
  "sqs:GetQueueAttributes": "AWS's event source mapping asks for it",
  "sqs:ChangeMessageVisibility": "AWS's event source mapping asks for it",
  "sqs:SendMessage": "Lambda and Scheduler leave dead letters with it, when AWS itself cannot deliver",
  "xray:PutTraceSegments": "the host has no X-Ray",
  "xray:PutTelemetryRecords": "the host has no X-Ray",
  "logs:CreateLogGroup": "the host writes what functions print to a file",
  "logs:CreateLogStream": "the host writes what functions print to a file",
  "logs:PutLogEvents": "the host writes what functions print to a file",
}

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
    for (const action of statement.actions.filter(action => !(action in granted))) {
      const text = textOf(statement, action)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  return counts
}
