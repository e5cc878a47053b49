import type { CommandReceipt } from "../model.generated.ts"

const order: readonly CommandReceipt["status"][] = ["ACCEPTED", "COMMITTED", "PROJECTED"]
const words: Partial<Record<CommandReceipt["status"], string>> = {
  ACCEPTED: "Accepted",
  COMMITTED: "Committed",
  PROJECTED: "Visible",
}

/** How far a command has come: accepted → committed → visible; or why it went no further. */
export function ReceiptMoves({
  receipt,
  failure,
}: {
  receipt: CommandReceipt | undefined
  failure: string | undefined
}) {
  if (failure !== undefined)
    return (
      <>
        {failure}
        {receipt !== undefined && <span className="receipt-id"> Request {receipt.traceId}</span>}
      </>
    )
  const reached = receipt === undefined ? -1 : order.indexOf(receipt.status)
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
