import type { News, Push, Topic, Watchers } from "../../core/push.ts"
import type { Graphql } from "./client.ts"

const receiptFields =
  "commandId traceId status aggregateId version rejection { code message path } reason duplicate protected actor tenant acceptedAt settledAt"
const changeFields = "view scope key version gone"
const stepFields = "traceId kind causeId component attempt at message actor commandId causationId stream version data"

/** One mutation that pushes, and the topic whose watchers get it. */
interface Notice {
  readonly topic: Topic
  readonly mutation: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Pushes by the backend-only mutations what somebody watches; a subscriber gets what the mutation selects, so it selects all. */
export const appsyncPush =
  (graphql: Graphql, watchers: Watchers): Push =>
  async news => {
    const notices = noticesOf(news)
    const watched = await watchers.watched(notices.map(({ topic }) => topic))
    for (const { topic, mutation, variables } of notices) if (watched.has(topic)) await graphql(mutation, variables)
  }

function noticesOf({ receipt, changes = [], step }: News): readonly Notice[] {
  return [
    ...(receipt === undefined ? [] : [receiptNotice(receipt)]),
    ...changes.map(change => ({
      topic: { scope: change.scope, kind: change.view },
      mutation: `mutation ($change: ViewChangeInput!) { publishViewChange(change: $change) { ${changeFields} } }`,
      variables: { change },
    })),
    ...(step === undefined ? [] : [stepNotice(step)]),
  ]
}

function receiptNotice({ at, misuse: _, duplicate = false, ...receipt }: NonNullable<News["receipt"]>): Notice {
  return {
    topic: { scope: `${receipt.actor}/${receipt.commandId}`, kind: "receipt" },
    mutation: `mutation ($receipt: ReceiptInput!) { publishReceipt(receipt: $receipt) { ${receiptFields} } }`,
    variables: { receipt: { ...receipt, duplicate, protected: true, settledAt: at } },
  }
}

function stepNotice({ step, data, attempt = 0, ...rest }: NonNullable<News["step"]>): Notice {
  return {
    topic: { scope: rest.traceId, kind: "trace" },
    mutation: `mutation ($step: TraceStepInput!) { publishTraceStep(step: $step) { ${stepFields} } }`,
    variables: {
      step: { ...rest, attempt, kind: step, ...(data === undefined ? {} : { data: JSON.stringify(data) }) },
    },
  }
}
