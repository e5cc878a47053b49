import { randomUUID } from "node:crypto"
import type { Clock, Timer } from "../clock.ts"
import { AwsError, type JsonObject } from "../host.ts"
import type { Deduplication } from "./deduplication.ts"
import { attributesDigest, bodyDigest } from "./digests.ts"
import type { MessageStore, StoredMessage } from "./messageStore.ts"
import { type QueueAttributes, redriveOf } from "./settings.ts"

export interface NewMessage {
  readonly body: string
  readonly attributes: JsonObject
  readonly system: Record<string, string>
  readonly delayMs?: number
  readonly groupId?: string
  readonly deduplicationId?: string
}

/** One queue: what is in it, what is hidden, and who waits. */
export interface Queue {
  readonly name: string
  readonly arn: string
  attributes: QueueAttributes
  readonly createdAt: number
  modifiedAt: number
  readonly isFifo: boolean
  /** A FIFO queue answers a repeat with the id of the first and keeps nothing. */
  send(message: NewMessage): StoredMessage
  /** Takes over a message of another queue: its id, body and attributes stay. */
  adopt(message: StoredMessage, deadLetterSource?: string): void
  /** Up to `max` visible messages, now hidden for `hiddenMs`. What was received too often goes to `redrive` instead, when that takes it. */
  receive(max: number, hiddenMs: number): StoredMessage[]
  delete(receipt: string): void
  hide(receipt: string, hiddenMs: number): void
  /** Hides a received message also beyond its visibility timeout, until the given way to let go is taken. */
  hold(receipt: string): () => void
  purge(): void
  messages(): readonly StoredMessage[]
  onMessage(wake: () => void): () => void
  close(): void
}

export interface QueueSetup {
  readonly name: string
  readonly arn: string
  readonly attributes: QueueAttributes
  readonly createdAt: number
  readonly clock: Clock
  readonly store: MessageStore
  readonly deduplication: Deduplication
  /** Moves a message to the dead-letter queue; false when there is none that takes it. */
  redrive(targetArn: string, message: StoredMessage): boolean
}

export function createQueue(setup: QueueSetup): Queue {
  const { name, arn, clock, store, deduplication } = setup
  const byId = new Map<string, StoredMessage>()
  const timers = new Map<string, Timer>()
  const wakes = new Set<() => void>()
  const isFifo = name.endsWith(".fifo")
  const onHold = new Set<string>()
  let sequence = 0

  const seconds = (attribute: string) => Number(queue.attributes[attribute]) * 1000

  /** Later than the change that woke: a reader may receive at once. */
  const wakeAll = () =>
    queueMicrotask(() => {
      for (const wake of [...wakes]) wake()
    })

  const wakeAt = (message: StoredMessage) => {
    timers.get(message.id)?.cancel()
    timers.delete(message.id)
    const waitMs = message.visibleAt - clock.now()
    if (waitMs > 0) timers.set(message.id, clock.after(waitMs, wakeAll))
    else wakeAll()
  }

  const keep = (message: StoredMessage) => {
    byId.set(message.id, message)
    store.save(name, message)
  }

  const forget = (id: string) => {
    byId.delete(id)
    timers.get(id)?.cancel()
    timers.delete(id)
    store.remove(name, id)
  }

  const add = (message: StoredMessage) => {
    keep(message)
    wakeAt(message)
    return message
  }

  const forgetExpired = () => {
    const oldest = clock.now() - seconds("MessageRetentionPeriod")
    for (const message of byId.values()) if (message.sentAt <= oldest) forget(message.id)
  }

  const send = (given: NewMessage): StoredMessage => {
    const deduplicationId = isFifo ? deduplicationOf(queue.attributes, given) : undefined
    const scope = queue.attributes.DeduplicationScope === "messageGroup" ? given.groupId : ""
    const key = deduplicationId === undefined ? undefined : JSON.stringify([name, scope, deduplicationId])
    const first = key === undefined ? undefined : deduplication.earlier(key)
    const now = clock.now()
    const message: StoredMessage = {
      id: first?.id ?? randomUUID(),
      body: given.body,
      attributes: given.attributes,
      system: given.system,
      sentAt: now,
      sequence: first?.sequence ?? ++sequence,
      visibleAt: now + (given.delayMs ?? seconds("DelaySeconds")),
      receives: 0,
      ...(given.groupId !== undefined && { groupId: given.groupId }),
      ...(deduplicationId !== undefined && { deduplicationId }),
    }
    if (first !== undefined) return message
    if (key !== undefined) deduplication.note(key, message.id, message.sequence)
    return add(message)
  }

  const take = (message: StoredMessage, hiddenMs: number): StoredMessage => {
    const now = clock.now()
    const taken: StoredMessage = {
      ...message,
      visibleAt: now + hiddenMs,
      receives: message.receives + 1,
      firstReceivedAt: message.firstReceivedAt ?? now,
      receipt: Buffer.from(`${message.id}|${randomUUID()}`).toString("base64"),
    }
    keep(taken)
    wakeAt(taken)
    return taken
  }

  const isHidden = ({ id, visibleAt }: StoredMessage) => visibleAt > clock.now() || onHold.has(id)

  const isSpent = (message: StoredMessage): boolean => {
    const redrive = redriveOf(queue.attributes)
    if (redrive === undefined || message.receives < redrive.receivesMax) return false
    if (!setup.redrive(redrive.targetArn, message)) return false
    forget(message.id)
    return true
  }

  const receive = (max: number, hiddenMs: number): StoredMessage[] => {
    forgetExpired()
    const taken: StoredMessage[] = []
    const busyGroups = new Set<string | undefined>()
    for (const message of byId.values()) {
      if (taken.length === max) break
      if (isFifo && busyGroups.has(message.groupId)) continue
      if (isHidden(message)) busyGroups.add(message.groupId)
      else if (!isSpent(message)) taken.push(take(message, hiddenMs))
    }
    return taken
  }

  const held = (receipt: string): StoredMessage | undefined => {
    const [id = "", isReceipt] = Buffer.from(receipt, "base64").toString("utf8").split("|")
    if (isReceipt === undefined)
      throw new AwsError(
        "ReceiptHandleIsInvalid",
        `The input receipt handle "${receipt}" is not a valid receipt handle.`,
      )
    const message = byId.get(id)
    const isStale = isFifo && (message?.receipt !== receipt || !isHidden(message))
    return isStale ? undefined : message
  }

  const queue: Queue = {
    name,
    arn,
    attributes: setup.attributes,
    createdAt: setup.createdAt,
    modifiedAt: setup.createdAt,
    isFifo,
    send,
    receive,
    adopt: (message, deadLetterSource) => {
      const { receipt: _, firstReceivedAt: __, deadLetterSource: ___, ...rest } = message
      add({
        ...rest,
        sequence: ++sequence,
        visibleAt: clock.now(),
        receives: 0,
        ...(deadLetterSource === undefined ? { sentAt: clock.now() } : { deadLetterSource }),
      })
    },
    delete: receipt => {
      const message = held(receipt)
      if (message !== undefined) forget(message.id)
    },
    hide: (receipt, hiddenMs) => {
      const message = held(receipt)
      if (message === undefined || message.visibleAt <= clock.now())
        throw new AwsError("MessageNotInflight", "The specified message isn't in flight.")
      const hidden = { ...message, visibleAt: clock.now() + hiddenMs }
      keep(hidden)
      wakeAt(hidden)
    },
    hold: receipt => {
      const message = held(receipt)
      if (message === undefined) return () => {}
      onHold.add(message.id)
      return () => {
        onHold.delete(message.id)
        const left = byId.get(message.id)
        if (left !== undefined) wakeAt(left)
      }
    },
    purge: () => {
      for (const id of [...byId.keys()]) forget(id)
    },
    messages: () => {
      forgetExpired()
      return [...byId.values()]
    },
    onMessage: wake => {
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
    close: () => {
      for (const timer of timers.values()) timer.cancel()
    },
  }

  for (const message of store.load(name)) {
    sequence = Math.max(sequence, message.sequence)
    byId.set(message.id, message)
    wakeAt(message)
  }
  return queue
}

function deduplicationOf(attributes: QueueAttributes, { groupId, deduplicationId, body }: NewMessage): string {
  if (groupId === undefined)
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageGroupId.")
  if (deduplicationId !== undefined) return deduplicationId
  if (attributes.ContentBasedDeduplication === "true") return bodyDigest(body)
  throw new AwsError(
    "InvalidParameterValue",
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  )
}

/** MD5s of a message for the answer to a send. */
export function digestsOf({ body, attributes }: StoredMessage): JsonObject {
  const ofAttributes = attributesDigest(attributes)
  return {
    MD5OfMessageBody: bodyDigest(body),
    ...(ofAttributes !== undefined && { MD5OfMessageAttributes: ofAttributes }),
  }
}
