import Alert from "@cloudscape-design/components/alert"
import Button from "@cloudscape-design/components/button"
import { useState } from "react"
import { type Parked, useParked } from "./parked.ts"
import { ReleaseForm } from "./releaseForm.tsx"

interface WaitsNoticeProps {
  readonly traceId: string
  readonly isParked: boolean
}

/** Says that a request waits, and leads on to its release, which stays open until its result was read. */
export function WaitsNotice({ traceId, isParked }: WaitsNoticeProps) {
  const [releasing, setReleasing] = useState<Parked>()
  return (
    <>
      {isParked && <Waits traceId={traceId} onRelease={setReleasing} />}
      {releasing !== undefined && <ReleaseForm parked={releasing} onClose={() => setReleasing(undefined)} />}
    </>
  )
}

function Waits({ traceId, onRelease }: { readonly traceId: string; readonly onRelease: (parked: Parked) => void }) {
  const { items } = useParked()
  const parked = items.find(({ waiting }) => waiting.some(one => one.traceId === traceId))
  return (
    <Alert
      type="warning"
      header="This request waits"
      action={
        parked === undefined ? (
          <Button href="#/support/parked">Show parked work</Button>
        ) : (
          <Button onClick={() => onRelease(parked)}>Rehearse and release</Button>
        )
      }
    >
      It was set aside with what came after it. Nothing is lost; it is decided once somebody releases it.
    </Alert>
  )
}
