import type { CommandReceipt } from "../model.generated.ts"

const order = ["ACCEPTED", "COMMITTED", "PROJECTED"] as const
const words = { ACCEPTED: "Accepted", COMMITTED: "Committed", PROJECTED: "Visible" } as const

/** How far a command has come: accepted → committed → visible; or why it went no further. */
export function ReceiptMoves({ receipt, failure }: { receipt: CommandReceipt | undefined; failure: string | undefined }) {
  if (failure !== undefined)
    return (
      <>
        {failure}
        {receipt !== undefined && <span className="receipt-id"> Request {receipt.traceId}</span>}
      </>
    )
  const reached = receipt === undefined ? -1 : order.findIndex(status => status === receipt.status)
  return (
    <ol className="receipt-moves" aria-label="Progress of the request">
      {order.map((status, index) => (
        <li key={status} aria-current={index === reached ? "step" : undefined} data-reached={index <= reached}>
          {words[status]}
        </li>
      ))}
      {receipt?.duplicate && <li>Already processed before</li>}
    </ol>
  )
}
