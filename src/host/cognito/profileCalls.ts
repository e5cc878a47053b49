import { z } from "zod"
import type { JsonObject } from "../host.ts"
import { sendCode, useCode } from "./codes.ts"
import { notAuthorized, wrongPassword } from "./cognitoErrors.ts"
import { mfaOf } from "./factors.ts"
import { attributeList, attributesOf, type Call, type CognitoParts, read, userOfToken } from "./parts.ts"
import { checkPassword } from "./passwordPolicy.ts"
import { isPassword, passwordVerifier } from "./srp.ts"

const WithToken = z.object({ AccessToken: z.string() })
const ChangePassword = WithToken.extend({ PreviousPassword: z.string(), ProposedPassword: z.string() })
const UpdateAttributes = WithToken.extend({
  UserAttributes: z.array(z.object({ Name: z.string(), Value: z.string().optional() })),
})
const AttributeName = WithToken.extend({ AttributeName: z.string() })
const VerifyAttribute = AttributeName.extend({ Code: z.string() })
const DeleteAttributes = WithToken.extend({ UserAttributeNames: z.array(z.string()) })

/** What signed-in people do with their own account, by access token. */
export function profileCalls(parts: CognitoParts): Record<string, Call> {
  const { host, directory, tokens } = parts
  return {
    GetUser: async input => {
      const { user } = await userOfToken(parts, read(WithToken, input).AccessToken)
      return { Username: user.username, UserAttributes: attributeList(user.attributes), ...mfaOf(user) }
    },
    ChangePassword: async input => {
      const { AccessToken, PreviousPassword, ProposedPassword } = read(ChangePassword, input)
      const { pool, user } = await userOfToken(parts, AccessToken)
      if (!user.password || !isPassword(user.password, pool.name, user.username, PreviousPassword)) {
        throw wrongPassword()
      }
      checkPassword(pool, ProposedPassword)
      directory.saveUser(pool, { ...user, password: passwordVerifier(pool.name, user.username, ProposedPassword) })
      return {}
    },
    UpdateUserAttributes: async input => {
      const { AccessToken, UserAttributes } = read(UpdateAttributes, input)
      const { pool, user, clientId } = await userOfToken(parts, AccessToken)
      const changes = attributesOf(UserAttributes)
      if (Object.keys(changes).some(name => name === "sub" || name.endsWith("_verified"))) {
        throw notAuthorized("A client attempted to write unauthorized attribute")
      }
      const unproven = ["email", "phone_number"].filter(
        name => changes[name] !== undefined && changes[name] !== user.attributes[name],
      )
      const reset = Object.fromEntries(unproven.map(name => [`${name}_verified`, "false"]))
      directory.saveUser(pool, { ...user, attributes: { ...user.attributes, ...changes, ...reset } })
      const deliveries: JsonObject[] = []
      for (const name of unproven) {
        if (!pool.properties.AutoVerifiedAttributes?.includes(name)) continue
        const current = directory.user(pool, user.username)
        deliveries.push(await sendCode(host, directory, pool, current, `attribute:${name}`, clientId))
      }
      return { CodeDeliveryDetailsList: deliveries }
    },
    GetUserAttributeVerificationCode: async input => {
      const { AccessToken, AttributeName: name } = read(AttributeName, input)
      const { pool, user, clientId } = await userOfToken(parts, AccessToken)
      return { CodeDeliveryDetails: await sendCode(host, directory, pool, user, `attribute:${name}`, clientId) }
    },
    VerifyUserAttribute: async input => {
      const { AccessToken, AttributeName: name, Code } = read(VerifyAttribute, input)
      const { pool, user } = await userOfToken(parts, AccessToken)
      const proven = useCode(host, user, `attribute:${name}`, Code)
      directory.saveUser(pool, { ...proven, attributes: { ...proven.attributes, [`${name}_verified`]: "true" } })
      return {}
    },
    DeleteUserAttributes: async input => {
      const { AccessToken, UserAttributeNames } = read(DeleteAttributes, input)
      const { pool, user } = await userOfToken(parts, AccessToken)
      const kept = Object.entries(user.attributes).filter(([name]) => !UserAttributeNames.includes(name))
      directory.saveUser(pool, { ...user, attributes: Object.fromEntries(kept) })
      return {}
    },
    DeleteUser: async input => {
      const { pool, user } = await userOfToken(parts, read(WithToken, input).AccessToken)
      tokens.signOut(pool.id, user.username)
      directory.deleteUser(pool, user)
      return {}
    },
  }
}
