import type { Host, QueueMessage } from "../../host.ts"
import type { RunBatch } from "../run.ts"
import { contentId } from "../run.ts"
import { type BatchItem, batchLength } from "./batch.ts"
import { queueFilter } from "./filter.ts"
import { invokeBatch, nameOf } from "./invokeBatch.ts"
import type { Mapping } from "./mapping.ts"
import type { Poller } from "./streamPoller.ts"

const safetyPollMs = 5_000
const receiveMax = 10
const throttledForMs = 1_000

interface QueueItem extends BatchItem {
  readonly message: QueueMessage
}

/**
 * Reads a queue with several batches in work at once. What succeeded is deleted; what failed comes back when its visibility
 * timeout ends, as on AWS. The queue itself keeps the messages of a FIFO group from overtaking each other.
 */
export function createQueuePoller(host: Host, mapping: Mapping, run: RunBatch): Poller {
  const passes = queueFilter(mapping.filterPatterns)
  let stopped = false
  let gathering = false
  let arrived = false
  let inWork = 0
  let notify = () => {}
  let safetyPoll: NodeJS.Timeout | undefined

  const report = (error: unknown) => {
    if (!stopped)
      host.log.warn("lambda", `mapping ${nameOf(mapping)}: ${error instanceof Error ? error.message : error}`)
  }

  const receive = async (max: number): Promise<QueueMessage[]> => {
    const messages: QueueMessage[] = []
    while (messages.length < max) {
      const page = await host.queues.receive(mapping.sourceArn, Math.min(receiveMax, max - messages.length))
      messages.push(...page)
      if (page.length === 0) break
    }
    return messages
  }

  const gather = async (): Promise<QueueMessage[]> => {
    const messages = await receive(mapping.batchSize)
    if (messages.length === 0 || mapping.windowMs === 0) return messages
    const endsAt = host.clock.now() + mapping.windowMs
    while (messages.length < mapping.batchSize && host.clock.now() < endsAt && !stopped) {
      const message = new Promise<void>(resolve => {
        notify = resolve
      })
      await Promise.race([host.clock.sleep(endsAt - host.clock.now()), message])
      messages.push(...(await receive(mapping.batchSize - messages.length)))
    }
    return messages
  }

  const wake = () => {
    arrived = true
    notify()
    if (gathering || stopped || inWork >= mapping.concurrencyMax) return
    gathering = true
    arrived = false
    void gather()
      .then(messages => {
        gathering = false
        if (messages.length > 0) work(messages)
        if (messages.length > 0 || arrived) wake()
      })
      .catch(error => {
        gathering = false
        report(error)
      })
  }

  const work = (messages: readonly QueueMessage[]) => {
    inWork++
    void handle(messages)
      .catch(report)
      .finally(() => {
        inWork--
        wake()
      })
  }

  const handle = async (messages: readonly QueueMessage[]) => {
    const held = messages.map(({ receiptHandle }) => host.queues.hold(mapping.sourceArn, receiptHandle))
    try {
      await deliverAll(messages)
    } finally {
      for (const letGo of held) letGo()
    }
  }

  const deliverAll = async (messages: readonly QueueMessage[]) => {
    const wanted = messages.filter(passes)
    await remove(messages.filter(message => !wanted.includes(message)))
    let rest = wanted.map(message => ({ message, text: JSON.stringify(eventRecord(host, mapping, message)) }))
    while (rest.length > 0 && !stopped) {
      const length = batchLength(rest, mapping.batchSize)
      await deliver(rest.slice(0, length))
      rest = rest.slice(length)
    }
  }

  const deliver = async (items: readonly QueueItem[]) => {
    const messageId = contentId(items[0]?.message.body ?? "")
    const outcome = await invokeBatch(host, run, mapping, items, item => item.message.messageId, messageId)
    if (stopped) return
    if (outcome.status === "notReached") return release(items)
    await remove(items.filter((_, position) => !outcome.failed.includes(position)).map(item => item.message))
  }

  const remove = async (messages: readonly QueueMessage[]) => {
    for (const message of messages) await host.queues.delete(mapping.sourceArn, message.receiptHandle)
  }

  const release = async (items: readonly QueueItem[]) => {
    for (const { message } of items) await host.queues.release(mapping.sourceArn, message.receiptHandle, throttledForMs)
  }

  return {
    start: () => {
      host.queues.onMessage(mapping.sourceArn, wake)
      safetyPoll = setInterval(wake, safetyPollMs).unref()
      wake()
    },
    stop: () => {
      stopped = true
      clearInterval(safetyPoll)
    },
  }
}

function eventRecord(host: Host, mapping: Mapping, message: QueueMessage) {
  const messageAttributes = Object.entries(message.messageAttributes).map(([name, attribute]) => [
    name,
    { ...attribute, stringListValues: [], binaryListValues: [] },
  ])
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(messageAttributes),
    md5OfBody: message.md5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: mapping.sourceArn,
    awsRegion: host.region,
  }
}
