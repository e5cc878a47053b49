import { AwsError, type Host, type JsonObject } from "../host.ts"
import { createDeduplication, type FirstSend } from "./deduplication.ts"
import type { StoredMessage } from "./messageStore.ts"
import { createMessageStore } from "./messageStore.ts"
import { createQueue, type Queue } from "./queue.ts"
import { type QueueAttributes, queueAttributes, redriveOf, takesDeadLettersOf, withDefaults } from "./settings.ts"

type QueueRecord = { readonly attributes: Record<string, string>; readonly createdAt: number }

/** All queues of the host, by name and by ARN; what they are and hold survives a kill. */
export interface QueueRegistry {
  /** Throws AwsError QueueDoesNotExist. */
  byArn(arn: string): Queue
  /** By URL or name: only the last part counts, because the host's port may have changed. Throws AwsError QueueDoesNotExist. */
  byUrl(url: unknown): Queue
  find(name: string): Queue | undefined
  all(): readonly Queue[]
  create(name: string, attributes: JsonObject): Queue
  change(queue: Queue, attributes: JsonObject): void
  remove(queue: Queue): void
  url(queue: Queue): string
  close(): void
}

export function createQueueRegistry(host: Host): QueueRegistry {
  const records = host.durable<QueueRecord>("sqs-queues")
  const store = createMessageStore(host.durable<StoredMessage>("sqs-messages"))
  const deduplication = createDeduplication(host.clock, host.durable<FirstSend>("sqs-deduplication"))
  const queues = new Map<string, Queue>()
  const arnOf = (name: string) => `arn:aws:sqs:${host.region}:${host.accountId}:${name}`

  const find = (nameOrUrl: string) => queues.get(nameOrUrl.slice(nameOrUrl.lastIndexOf("/") + 1))
  const existing = (queue: Queue | undefined): Queue => {
    if (queue === undefined) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.")
    return queue
  }
  const byArn = (arn: string) => existing(queues.get(arn.slice(arn.lastIndexOf(":") + 1)))

  const redrive = (name: string) => (targetArn: string, message: StoredMessage) => {
    const target = queues.get(targetArn.slice(targetArn.lastIndexOf(":") + 1))
    if (target === undefined || !takesDeadLettersOf(target.attributes, arnOf(name))) return false
    target.adopt(message, arnOf(name))
    return true
  }

  const open = (name: string, attributes: QueueAttributes, createdAt: number) => {
    const queue = createQueue({
      name,
      arn: arnOf(name),
      attributes,
      createdAt,
      clock: host.clock,
      store,
      deduplication,
      redrive: redrive(name),
    })
    queues.set(name, queue)
    return queue
  }

  const save = (queue: Queue) =>
    records.set(queue.name, { attributes: { ...queue.attributes }, createdAt: queue.createdAt })

  for (const [name, { attributes, createdAt }] of records.entries()) open(name, attributes, createdAt)

  return {
    byArn,
    byUrl: url => existing(typeof url === "string" ? find(url) : undefined),
    find,
    all: () => [...queues.values()],
    create: (name, given) => {
      const attributes = queueAttributes(given)
      checkName(name, attributes)
      checkRedrive(attributes)
      const queue = queues.get(name) ?? open(name, withDefaults(attributes), host.clock.now())
      queue.attributes = withDefaults(attributes)
      save(queue)
      return queue
    },
    change: (queue, given) => {
      const attributes = queueAttributes(given)
      checkRedrive(attributes)
      queue.attributes = withDefaults({ ...queue.attributes, ...attributes })
      queue.modifiedAt = host.clock.now()
      save(queue)
    },
    remove: queue => {
      queue.purge()
      queue.close()
      queues.delete(queue.name)
      records.delete(queue.name)
    },
    url: queue => `${host.url}/${host.accountId}/${queue.name}`,
    close: () => {
      for (const queue of queues.values()) queue.close()
    },
  }
}

function checkName(name: string, attributes: QueueAttributes): void {
  const isFifo = attributes.FifoQueue === "true"
  if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, "")) || name.length > 80)
    throw new AwsError(
      "InvalidParameterValue",
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    )
  if (name.endsWith(".fifo") !== isFifo)
    throw new AwsError(
      "InvalidParameterValue",
      "The name of a FIFO queue must end with .fifo, and only a FIFO queue's may",
    )
}

function checkRedrive(attributes: QueueAttributes): void {
  const redrive = redriveOf(attributes)
  const isCount = redrive === undefined || (redrive.receivesMax >= 1 && redrive.receivesMax <= 1000)
  if (!isCount)
    throw new AwsError(
      "InvalidParameterValue",
      "Value for parameter RedrivePolicy is invalid. Reason: Invalid value for maxReceiveCount",
    )
}
