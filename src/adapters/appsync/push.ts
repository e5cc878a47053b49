import type { Push, TraceStep } from "../../core/ports.ts"
import type { Graphql } from "./client.ts"

const receiptFields =
  "commandId traceId status aggregateId version rejection { code message path } reason duplicate protected actor tenant acceptedAt settledAt"
const changeFields = "view scope key version gone"
const stepFields = "traceId kind causeId component attempt at message actor commandId causationId stream version data"

/** Pushes to subscribers by the backend-only mutations; a subscriber gets what the mutation selects, so it selects all. */
export function appsyncPush(graphql: Graphql): Push & { step(step: TraceStep): Promise<void> } {
  return {
    async receipt({ at, misuse: _, duplicate = false, ...receipt }) {
      await graphql(`mutation ($receipt: ReceiptInput!) { publishReceipt(receipt: $receipt) { ${receiptFields} } }`, {
        receipt: { ...receipt, duplicate, protected: true, settledAt: at },
      })
    },

    async change(change) {
      await graphql(`mutation ($change: ViewChangeInput!) { publishViewChange(change: $change) { ${changeFields} } }`, {
        change,
      })
    },

    async step({ step, data, attempt = 0, ...rest }) {
      await graphql(`mutation ($step: TraceStepInput!) { publishTraceStep(step: $step) { ${stepFields} } }`, {
        step: { ...rest, attempt, kind: step, ...(data === undefined ? {} : { data: JSON.stringify(data) }) },
      })
    },
  }
}
