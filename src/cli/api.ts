import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { CliError } from "./cliError.ts"

/** What `foldline start` wrote about the host that runs. */
export interface Local {
  readonly graphqlUrl: string
  readonly endpointUrl: string
  readonly region: string
  readonly clientId: string
  readonly users: readonly { email: string; password: string; groups: readonly string[] }[]
}

/** Reads `.foldline/local.json`. Throws CliError when no host has been started here. */
export function local(): Local {
  const path = join(process.env.FOLDLINE_ROOT ?? process.cwd(), ".foldline", "local.json")
  if (!existsSync(path)) throw new CliError("no host has been started here: run `npm start` in another shell first")
  return JSON.parse(readFileSync(path, "utf8")) as Local
}

/** A signed-in person's way to the API. Throws CliError with the API's own words. */
export type Ask = <Answer = Record<string, unknown>>(
  query: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Answer>

type Endpoints = Pick<Local, "endpointUrl" | "graphqlUrl"> & { readonly clientId: string | null }

/** Signs in and returns a client that sends the ID token, which carries the verified address. */
export async function signIn(email: string, password: string, at: Endpoints = local()): Promise<Ask> {
  return askAs(await tokenOf(email, password, at), at)
}

/** Signs in. Throws CliError with the user pool's own words. */
export async function tokenOf(
  email: string,
  password: string,
  { endpointUrl, clientId }: Pick<Endpoints, "endpointUrl" | "clientId">,
  kind: "IdToken" | "AccessToken" = "IdToken",
): Promise<string> {
  const answer = await post(endpointUrl, {
    headers: {
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      "content-type": "application/x-amz-json-1.1",
    },
    body: {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    },
  })
  const token = (answer.AuthenticationResult as { [token in typeof kind]?: string } | undefined)?.[kind]
  if (token === undefined) throw new CliError(`${email} could not sign in: ${answer.message ?? JSON.stringify(answer)}`)
  return token
}

/** Asks with a token. */
export function askAs(token: string, { graphqlUrl }: Pick<Endpoints, "graphqlUrl">): Ask {
  return async <Answer>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const { data, errors } = await post(graphqlUrl, {
      headers: { authorization: token, "content-type": "application/json" },
      body: { query, variables },
    })
    const [error] = (errors ?? []) as { message: string }[]
    if (error !== undefined) throw new CliError(error.message)
    return data as Answer
  }
}

/** Signs in the first demo user of a group, such as `support`. */
export function signInAs(group: string): Promise<Ask> {
  const user = local().users.find(({ groups }) => groups.includes(group))
  if (user === undefined) throw new CliError(`no demo user belongs to the group ${group}`)
  return signIn(user.email, user.password)
}

async function post(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: unknown },
): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => {
    throw new CliError(`nothing answers at ${url}: run \`npm start\` in another shell first`)
  })
  return (await response.json()) as Record<string, unknown>
}
