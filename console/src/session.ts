import { fetchAuthSession } from "aws-amplify/auth"
import { Hub } from "aws-amplify/utils"
import { createContext, useContext, useEffect, useState } from "react"

export interface Person {
  readonly id: string
  readonly email: string
  readonly isSupport: boolean
}

export type Session =
  | { readonly status: "loading" }
  | { readonly status: "signedOut"; readonly hasExpired: boolean }
  | { readonly status: "signedIn"; readonly person: Person }

const changes = ["signedIn", "signedOut", "tokenRefresh"]

/** Who is signed in; follows sign-in, sign-out and a session that cannot be renewed. */
export function useSession(): Session {
  const [session, setSession] = useState<Session>({ status: "loading" })
  useEffect(() => {
    // Amplify tells that a session cannot be renewed while it is being read.
    let hasExpired = false
    const read = async () => {
      const person = await currentPerson()
      setSession(person === undefined ? { status: "signedOut", hasExpired } : { status: "signedIn", person })
    }
    void read()
    return Hub.listen("auth", ({ payload: { event } }) => {
      if (event === "signedIn" || event === "signedOut") hasExpired = false
      if (event === "tokenRefresh_failure") {
        hasExpired = true
        setSession({ status: "signedOut", hasExpired })
      }
      if (changes.includes(event)) void read()
    })
  }, [])
  return session
}

async function currentPerson(): Promise<Person | undefined> {
  const { tokens } = await fetchAuthSession().catch(() => ({ tokens: undefined }))
  const claims = tokens?.idToken?.payload
  if (claims === undefined) return undefined
  const groups = claims["cognito:groups"]
  return {
    id: String(claims.sub),
    email: String(claims.email),
    isSupport: Array.isArray(groups) && groups.includes("support"),
  }
}

const PersonContext = createContext<Person | undefined>(undefined)
export const PersonProvider = PersonContext.Provider

/** The person who is signed in. Throws outside of the signed-in part of the page. */
export function usePerson(): Person {
  const person = useContext(PersonContext)
  if (person === undefined) throw new Error("nobody is signed in here")
  return person
}
