import { z } from "zod"
import { AwsError, type JsonObject } from "../host.ts"
import { sendCode, useCode } from "./codes.ts"
import { invalidParameter, notAuthorized } from "./cognitoErrors.ts"
import { attributesOf, type Call, type CognitoParts, checkSecretHash, read, unknownUser } from "./parts.ts"
import { checkPassword } from "./passwordPolicy.ts"
import { passwordVerifier } from "./srp.ts"
import { runTrigger } from "./triggers.ts"
import type { PoolClient, User, UserPool } from "./userPool.ts"

const Named = z.object({ ClientId: z.string(), Username: z.string(), SecretHash: z.string().optional() })
const SignUp = Named.extend({
  Password: z.string(),
  UserAttributes: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).optional(),
})
const Confirm = Named.extend({ ConfirmationCode: z.string() })
const ConfirmForgot = Confirm.extend({ Password: z.string() })

/** Signing up and forgetting a password: calls of people who have no token. */
export function signUpCalls({ host, directory }: CognitoParts): Record<string, Call> {
  const clientOf = (given: z.infer<typeof Named>): PoolClient => {
    const client = directory.client(given.ClientId)
    const username = directory.findUser(client.pool, given.Username)?.username ?? given.Username
    checkSecretHash(client, [given.Username, username], given.SecretHash)
    return client
  }
  const userOf = (client: PoolClient, name: string): User => {
    const user = directory.findUser(client.pool, name)
    if (!user) throw unknownUser(client)
    return user
  }

  return {
    SignUp: async input => {
      const given = read(SignUp, input)
      const client = clientOf(given)
      const { pool } = client
      if (pool.properties.AdminCreateUserConfig?.AllowAdminCreateUserOnly) {
        throw notAuthorized("SignUp is not permitted for this user pool")
      }
      checkPassword(pool, given.Password)
      const attributes = withoutVerified(attributesOf(given.UserAttributes))
      const candidate = { username: given.Username, attributes }
      const decision = await runTrigger(
        host,
        "PreSignUp",
        "SignUp",
        { pool, user: candidate, clientId: client.id },
        { validationData: null },
        { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      )
      const isConfirmed = decision.autoConfirmUser === true
      const added = directory.addUser(pool, given.Username, attributes, isConfirmed ? "CONFIRMED" : "UNCONFIRMED")
      const user = directory.saveUser(pool, {
        ...added,
        password: passwordVerifier(pool.name, added.username, given.Password),
        attributes: { ...added.attributes, ...(decision.autoVerifyEmail === true && { email_verified: "true" }) },
      })
      if (isConfirmed) await runTrigger(host, "PostConfirmation", "ConfirmSignUp", { pool, user, clientId: client.id })
      const delivery =
        !isConfirmed && verifies(pool, user)
          ? await sendCode(host, directory, pool, user, "signUp", client.id)
          : undefined
      return {
        UserConfirmed: isConfirmed,
        UserSub: user.attributes.sub ?? user.username,
        ...(delivery && { CodeDeliveryDetails: delivery }),
      }
    },
    ConfirmSignUp: async input => {
      const given = read(Confirm, input)
      const client = clientOf(given)
      const user = userOf(client, given.Username)
      if (user.status !== "UNCONFIRMED") {
        throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
      }
      const proven = useCode(host, user, "signUp", given.ConfirmationCode)
      const verified = { [`${verifies(client.pool, user) ?? "email"}_verified`]: "true" }
      const confirmed = directory.saveUser(client.pool, {
        ...proven,
        status: "CONFIRMED",
        attributes: { ...proven.attributes, ...verified },
      })
      const subject = { pool: client.pool, user: confirmed, clientId: client.id }
      await runTrigger(host, "PostConfirmation", "ConfirmSignUp", subject)
      return {}
    },
    ResendConfirmationCode: async input => {
      const given = read(Named, input)
      const client = clientOf(given)
      const user = userOf(client, given.Username)
      if (user.status !== "UNCONFIRMED") throw invalidParameter("User is already confirmed.")
      return { CodeDeliveryDetails: await sendCode(host, directory, client.pool, user, "signUp", client.id) }
    },
    ForgotPassword: async input => {
      const given = read(Named, input)
      const client = clientOf(given)
      const user = directory.findUser(client.pool, given.Username)
      if (!user && client.properties.PreventUserExistenceErrors === "ENABLED") return inventedDelivery(given.Username)
      return { CodeDeliveryDetails: await forgot(client, userOf(client, given.Username)) }
    },
    ConfirmForgotPassword: async input => {
      const given = read(ConfirmForgot, input)
      const client = clientOf(given)
      const user = userOf(client, given.Username)
      checkPassword(client.pool, given.Password)
      const proven = useCode(host, user, "password", given.ConfirmationCode)
      const status = user.status === "UNCONFIRMED" ? user.status : "CONFIRMED"
      const password = passwordVerifier(client.pool.name, user.username, given.Password)
      const changed = directory.saveUser(client.pool, { ...proven, status, password })
      const subject = { pool: client.pool, user: changed, clientId: client.id }
      await runTrigger(host, "PostConfirmation", "ConfirmForgotPassword", subject)
      return {}
    },
  }

  async function forgot(client: PoolClient, user: User): Promise<JsonObject> {
    if (!user.enabled) throw notAuthorized("User is disabled.")
    if (user.status === "FORCE_CHANGE_PASSWORD") {
      throw notAuthorized("User password cannot be reset in the current state.")
    }
    const { email_verified, phone_number_verified } = user.attributes
    if (email_verified !== "true" && phone_number_verified !== "true") {
      throw invalidParameter(
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
      )
    }
    return sendCode(host, directory, client.pool, user, "password", client.id)
  }
}

/** The attribute that the pool verifies by itself and the user has. */
function verifies(pool: UserPool, { attributes }: User): string | undefined {
  return (pool.properties.AutoVerifiedAttributes ?? []).find(name => attributes[name] !== undefined)
}

function withoutVerified(attributes: Record<string, string>): Record<string, string> {
  const forbidden = Object.keys(attributes).find(name => name === "sub" || name.endsWith("_verified"))
  if (forbidden === undefined) return attributes
  throw new AwsError("NotAuthorizedException", `A client attempted to write unauthorized attribute`)
}

function inventedDelivery(name: string): JsonObject {
  const Destination = `${name.charAt(0)}***@${name.split("@")[1]?.charAt(0) ?? "e"}***`
  return { CodeDeliveryDetails: { AttributeName: "email", DeliveryMedium: "EMAIL", Destination } }
}
