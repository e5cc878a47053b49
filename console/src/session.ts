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

/** Who is signed in; follows sign-in, sign-out and a session that cannot be renewed. */
export function useSession(): Session {
  const [session, setSession] = useState<Session>({ status: "loading" })
  useEffect(() => {
    const read = async (hasExpired = false) => setSession(await currentSession(hasExpired))
    void read()
    return Hub.listen("auth", ({ payload }) => {
      if (payload.event === "signedIn" || payload.event === "tokenRefresh" || payload.event === "signedOut") void read()
      if (payload.event === "tokenRefresh_failure") setSession({ status: "signedOut", hasExpired: true })
    })
  }, [])
  return session
}

async function currentSession(hasExpired: boolean): Promise<Session> {
  const { tokens } = await fetchAuthSession().catch(() => ({ tokens: undefined }))
  const claims = tokens?.idToken?.payload
  if (claims === undefined) return { status: "signedOut", hasExpired }
  const groups = claims["cognito:groups"]
  return {
    status: "signedIn",
    person: {
      id: String(claims.sub),
      email: String(claims.email),
      isSupport: Array.isArray(groups) && groups.includes("support"),
    },
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
