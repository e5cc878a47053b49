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
  let token = await tokenOf(local, name)
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
      token = await tokenOf(local, name)
      return ask(query, variables)
    },
  }
}

async function tokenOf(local: Local, name: Name): Promise<string> {
  const response = await fetch(local.endpointUrl, {
    method: "POST",
    headers: {
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      "content-type": "application/x-amz-json-1.1",
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: local.clientId,
      AuthParameters: { USERNAME: addressOf(name), PASSWORD: demoUsers[0]?.password },
    }),
  })
  const { AuthenticationResult } = (await response.json()) as { AuthenticationResult?: { IdToken: string } }
  if (AuthenticationResult === undefined) throw new Error(`${name} could not sign in: ${response.status}`)
  return AuthenticationResult.IdToken
}

const subjectOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")).sub
