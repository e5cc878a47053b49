import { parseBody } from "../endpoint/operations.ts"
import { AwsError, type Host, type JsonObject, type Service, type UserPools } from "../host.ts"
import { adminCalls } from "./adminCalls.ts"
import { authCalls } from "./authCalls.ts"
import { createChallenges } from "./challenges.ts"
import { createDirectory } from "./directory.ts"
import { groupCalls } from "./groupCalls.ts"
import { mfaCalls } from "./mfaCalls.ts"
import type { Call, CognitoParts } from "./parts.ts"
import { checkPassword } from "./passwordPolicy.ts"
import { poolCalls } from "./poolCalls.ts"
import { profileCalls } from "./profileCalls.ts"
import { cognitoResources } from "./resources.ts"
import { signUpCalls } from "./signUpCalls.ts"
import { passwordVerifier } from "./srp.ts"
import { createTokens, type Session } from "./tokens.ts"
import type { Group, User } from "./userPool.ts"

export interface NewUser {
  readonly email: string
  readonly password: string
  readonly groups: readonly string[]
}

/** Cognito user pools: sign-up, sign-in (SRP, password, refresh), profiles, administration, and the tokens' issuer. */
export interface CognitoService extends Service, UserPools {
  /** Makes a confirmed user with a verified address, in groups that are made when they are missing; an existing one gets the password and groups. */
  addUser(poolId: string, user: NewUser): Promise<void>
}

export function createCognitoService(host: Host): CognitoService {
  const directory = createDirectory(host, host.durable<User>("cognito.users"), host.durable<Group>("cognito.groups"))
  const tokens = createTokens(
    host,
    host.durable<string>("cognito.keys"),
    host.durable<Session>("cognito.sessions"),
    poolId => directory.pools.has(poolId),
  )
  const parts: CognitoParts = { host, directory, tokens, challenges: createChallenges(host.clock) }
  const calls: Record<string, Call> = {
    ...authCalls(parts),
    ...signUpCalls(parts),
    ...profileCalls(parts),
    ...mfaCalls(parts),
    ...adminCalls(parts),
    ...groupCalls(parts),
    ...poolCalls(parts),
  }

  return {
    name: "cognito",
    signingNames: ["cognito-idp"],
    resources: cognitoResources(host, directory),
    verify: tokens.verify,
    handle: async call => {
      const name = call.operation ?? ""
      const answer = Object.hasOwn(calls, name) ? calls[name] : undefined
      if (!answer) throw new AwsError("UnknownOperationException", `Cognito on the local host has no ${name}.`)
      return { body: await answer(parseBody(call), call.principal) }
    },
    http: async (_request, response, url) => {
      const [, poolId = "", document] =
        /^\/([^/]+)\/\.well-known\/(jwks\.json|openid-configuration)$/.exec(url.pathname) ?? []
      if (!directory.pools.has(poolId)) return false
      const body = document === "jwks.json" ? await tokens.keySet() : discovery(`${host.url}/${poolId}`)
      response.writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" })
      response.end(JSON.stringify(body))
      return true
    },
    addUser: async (poolId, { email, password, groups }) => {
      const pool = directory.pool(poolId)
      checkPassword(pool, password)
      const known = new Set(directory.groups(pool).map(({ name }) => name))
      for (const name of groups.filter(group => !known.has(group))) {
        directory.addGroup(pool, { name, description: null, precedence: null, roleArn: null })
      }
      const user = directory.findUser(pool, email) ?? directory.addUser(pool, email, { email }, "CONFIRMED")
      directory.saveUser(pool, {
        ...user,
        status: "CONFIRMED",
        attributes: { ...user.attributes, email, email_verified: "true" },
        password: passwordVerifier(pool.name, user.username, password),
        groups: [...groups],
      })
    },
  }
}

function discovery(issuer: string): JsonObject {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    claims_supported: ["sub", "iss", "auth_time", "name", "email", "email_verified", "cognito:groups"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  }
}
