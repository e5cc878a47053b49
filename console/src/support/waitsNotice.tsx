import Alert from "@cloudscape-design/components/alert"
import Button from "@cloudscape-design/components/button"
import { useState } from "react"
import { useParked } from "./parked.ts"
import { ReleaseForm } from "./releaseForm.tsx"

/** Says that a request waits, and leads on to its release. */
export function WaitsNotice({ traceId }: { readonly traceId: string }) {
  const { items } = useParked()
  const [isReleasing, setReleasing] = useState(false)
  const parked = items.find(({ waiting }) => waiting.some(one => one.traceId === traceId))
  return (
    <>
      <Alert
        type="warning"
        header="This request waits"
        action={
          parked === undefined ? (
            <Button href="#/support/parked">Show parked work</Button>
          ) : (
            <Button onClick={() => setReleasing(true)}>Rehearse and release</Button>
          )
        }
      >
        It was set aside with what came after it. Nothing is lost; it is decided once somebody releases it.
      </Alert>
      {isReleasing && parked !== undefined && <ReleaseForm parked={parked} onClose={() => setReleasing(false)} />}
    </>
  )
}
