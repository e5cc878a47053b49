import Spinner from "@cloudscape-design/components/spinner"
import { lazy, Suspense } from "react"
import { useSession } from "./session.ts"
import { SignIn } from "./signIn/signIn.tsx"

const Console = lazy(() => import("./console.tsx"))

/** The sign-in page, or the console of whoever is signed in. */
export function App() {
  const session = useSession()
  if (session.status === "loading") return <Waiting />
  if (session.status === "signedOut") return <SignIn hasExpired={session.hasExpired} />
  return (
    <Suspense fallback={<Waiting />}>
      <Console key={session.person.id} person={session.person} />
    </Suspense>
  )
}

const Waiting = () => (
  <div className="waiting" role="status" aria-label="Loading">
    <Spinner size="large" />
  </div>
)
