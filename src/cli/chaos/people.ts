import { tokenOf } from "../api.ts"
import type { Local } from "./hostProcess.ts"

/** Who takes part; all are confirmed users of the pool. */
export const names = ["ada", "bob", "cyd", "dan", "eve", "fay"] as const
export type Name = (typeof names)[number]

export const addressOf = (name: string) => `${name}@example.org`
export const demoUsers = names.map(name => ({ email: addressOf(name), password: "Foldline-chaos-1", groups: [] }))

export interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly errorType?: string | null }[]
}

/** A signed-in person at the public API. Throws what the network throws. */
export interface Person {
  readonly id: string
  readonly graphql: (query: string, variables: Readonly<Record<string, unknown>>) => Promise<GraphqlAnswer>
}

const patienceMs = 20_000

/** Signs a person in; the token is renewed when it has run out, for the host's clock is fast. */
export async function signIn(local: Local, name: Name): Promise<Person> {
  let token = await tokenFor(local, name)
  const ask = async (query: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer> => {
    const response = await fetch(local.graphqlUrl, {
      method: "POST",
      headers: { authorization: token, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    })
    return (await response.json()) as GraphqlAnswer
  }
  return {
    id: subjectOf(token),
    async graphql(query, variables) {
      const answer = await ask(query, variables)
      if (!answer.errors?.some(({ errorType }) => errorType === "UnauthorizedException")) return answer
      token = await tokenFor(local, name)
      return ask(query, variables)
    },
  }
}

const tokenFor = (local: Local, name: Name) => tokenOf(addressOf(name), demoUsers[0]?.password ?? "", local)

const subjectOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).sub
