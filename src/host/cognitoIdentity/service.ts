import { randomUUID } from "node:crypto"
import { stableUuid } from "../cloudformation/names.ts"
import { jsonOperations, required } from "../endpoint/operations.ts"
import { readInput } from "../events/input.ts"
import { AwsError, type Host, type JsonObject, type Service } from "../host.ts"
import { objectOf } from "../json.ts"
import { AttachmentProperties, type IdentityPool, type Login, PoolProperties, roleOf } from "./pool.ts"

/** An identity: a guest's, or that of one user of one user pool (`user` = `<user pool>/<sub>`). */
type Identity = { poolId: string; user: string | null }

const lifeSeconds = 3_600

/** Cognito identity pools: GetId and GetCredentialsForIdentity, for guests and for users of the local user pools. */
export function createCognitoIdentityService(host: Host): Service {
  const identities = host.durable<Identity>("cognitoIdentity.identities")
  const pools = new Map<string, IdentityPool>()

  const poolOf = (id: string): IdentityPool => {
    const pool = pools.get(id)
    if (pool === undefined) throw new AwsError("ResourceNotFoundException", `IdentityPool '${id}' not found.`)
    return pool
  }

  const loginOf = async (pool: IdentityPool, logins: JsonObject): Promise<Login | undefined> => {
    const [given] = Object.entries(logins)
    if (given === undefined) {
      if (pool.properties.AllowUnauthenticatedIdentities) return undefined
      throw notAuthorized("Unauthenticated access is not supported for this identity pool.")
    }
    const [provider, token] = given
    const verified = await host.userPools.verify(String(token)).catch(error => {
      throw notAuthorized(`Invalid login token. ${error instanceof Error ? error.message : ""}`.trim())
    })
    const { poolId = "", claims = {} } = verified ?? {}
    const clientId = String(claims.aud)
    const isTrusted = pool.properties.CognitoIdentityProviders.some(
      one => one.ProviderName.endsWith(`/${poolId}`) && one.ClientId === clientId,
    )
    if (verified === undefined || !isTrusted || !provider.endsWith(`/${poolId}`))
      throw notAuthorized("Token is not from a supported provider of this identity pool.")
    return { provider, userPoolId: poolId, clientId, claims }
  }

  const identityOf = (pool: IdentityPool, login: Login | undefined): string => {
    const user = login === undefined ? null : `${login.userPoolId}/${String(login.claims.sub)}`
    const known = [...identities.entries()].find(
      ([, one]) => user !== null && one.poolId === pool.id && one.user === user,
    )
    if (known !== undefined) return known[0]
    const id = `${host.region}:${randomUUID()}`
    identities.set(id, { poolId: pool.id, user })
    return id
  }

  return {
    name: "cognitoIdentity",
    signingNames: ["cognito-identity"],
    resources: {
      "AWS::Cognito::IdentityPool": {
        honours: Object.keys(PoolProperties.shape),
        indifferent: ["AllowClassicFlow", "IdentityPoolTags", "CognitoIdentityProviders.ServerSideTokenCheck"],
        create: ({ properties, physicalName }) => {
          const id = `${host.region}:${stableUuid(physicalName)}`
          const roles = readInput(AttachmentProperties, { IdentityPoolId: id })
          pools.set(id, { id, properties: readInput(PoolProperties, properties), roles })
          return { ref: id, attributes: { Name: String(properties.IdentityPoolName ?? physicalName) } }
        },
      },
      "AWS::Cognito::IdentityPoolRoleAttachment": {
        honours: Object.keys(AttachmentProperties.shape),
        create: ({ properties, physicalName }) => {
          const roles = readInput(AttachmentProperties, properties)
          poolOf(roles.IdentityPoolId).roles = roles
          return { ref: physicalName }
        },
      },
    },
    handle: jsonOperations({
      GetId: async input => {
        const pool = poolOf(required(input, "IdentityPoolId"))
        return { IdentityId: identityOf(pool, await loginOf(pool, objectOf(input.Logins))) }
      },
      GetCredentialsForIdentity: async input => {
        const id = required(input, "IdentityId")
        const identity = identities.get(id)
        if (identity === undefined) throw new AwsError("ResourceNotFoundException", `Identity '${id}' not found.`)
        const pool = poolOf(identity.poolId)
        const login = await loginOf(pool, objectOf(input.Logins))
        if (identityUser(login) !== identity.user)
          throw notAuthorized(
            "Logins don't match. Please include at least one valid login for this identity or identity pool.",
          )
        const roleArn = roleOf(pool, login)
        if (roleArn === undefined)
          throw new AwsError(
            "InvalidIdentityPoolConfigurationException",
            "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
          )
        return { IdentityId: id, Credentials: credentials(host, roleArn, pool, id, login) }
      },
    }),
  }
}

const identityUser = (login: Login | undefined) =>
  login === undefined ? null : `${login.userPoolId}/${String(login.claims.sub)}`

function credentials(
  host: Host,
  roleArn: string,
  pool: IdentityPool,
  id: string,
  login: Login | undefined,
): JsonObject {
  const amr =
    login === undefined
      ? ["unauthenticated"]
      : ["authenticated", login.provider, `${login.provider}:CognitoSignIn:${String(login.claims.sub)}`]
  const prefix = "cognito-identity.amazonaws.com"
  const context = { [`${prefix}:aud`]: pool.id, [`${prefix}:sub`]: id, [`${prefix}:amr`]: amr }
  const { accessKeyId, secretAccessKey, sessionToken } = host.iam.credentialsFor(
    roleArn,
    "CognitoIdentityCredentials",
    context,
  )
  const expiration = Math.floor(host.clock.now() / 1_000) + lifeSeconds
  return { AccessKeyId: accessKeyId, SecretKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration }
}

const notAuthorized = (message: string) => new AwsError("NotAuthorizedException", message)
