import { z } from "zod"
import type { JsonObject, Principal } from "../host.ts"
import { sendInvitation } from "./codes.ts"
import { mfaOf } from "./factors.ts"
import { attributeList, attributesOf, type Call, type CognitoParts, read } from "./parts.ts"
import { checkPassword, temporaryPassword } from "./passwordPolicy.ts"
import { passwordVerifier } from "./srp.ts"
import { runTrigger } from "./triggers.ts"
import type { User, UserPool } from "./userPool.ts"

const attributes = z.array(z.object({ Name: z.string(), Value: z.string().optional() }))
const OfPool = z.object({ UserPoolId: z.string() })
const OfUser = OfPool.extend({ Username: z.string() })
const CreateUser = OfUser.extend({
  UserAttributes: attributes.optional(),
  TemporaryPassword: z.string().optional(),
  MessageAction: z.string().optional(),
})
const SetPassword = OfUser.extend({ Password: z.string(), Permanent: z.boolean().optional() })
const UpdateAttributes = OfUser.extend({ UserAttributes: attributes })
const ListUsers = OfPool.extend({
  Filter: z.string().optional(),
  Limit: z.number().int().optional(),
  PaginationToken: z.string().optional(),
})
const pageMax = 60

/** What an administrator does with users; each call is authorized on the pool. */
export function adminCalls({ host, directory, tokens }: CognitoParts): Record<string, Call> {
  const poolFor = (action: string, input: JsonObject, principal: Principal): UserPool => {
    const pool = directory.pool(read(OfPool, input).UserPoolId)
    host.iam.authorize(principal, `cognito-idp:${action}`, pool.arn)
    return pool
  }
  /** A call that changes one user and answers nothing. */
  const onUser =
    (action: string, change: (user: User, pool: UserPool, input: JsonObject) => User | undefined): Call =>
    async (input, principal) => {
      const pool = poolFor(action, input, principal)
      const changed = change(directory.user(pool, read(OfUser, input).Username), pool, input)
      if (changed) directory.saveUser(pool, changed)
      return {}
    }

  return {
    AdminCreateUser: async (input, principal) => {
      const pool = poolFor("AdminCreateUser", input, principal)
      const given = read(CreateUser, input)
      if (given.MessageAction === "RESEND") {
        const user = directory.user(pool, given.Username)
        return { User: await invite(pool, user, given.TemporaryPassword ?? temporaryPassword()) }
      }
      const password = given.TemporaryPassword ?? temporaryPassword()
      checkPassword(pool, password)
      const chosen = attributesOf(given.UserAttributes)
      await runTrigger(host, "PreSignUp", "AdminCreateUser", {
        pool,
        user: { username: given.Username, attributes: chosen },
      })
      const user = directory.addUser(pool, given.Username, chosen, "FORCE_CHANGE_PASSWORD")
      return { User: await invite(pool, user, password, given.MessageAction === "SUPPRESS") }
    },
    AdminGetUser: async (input, principal) => {
      const pool = poolFor("AdminGetUser", input, principal)
      const user = directory.user(pool, read(OfUser, input).Username)
      const { Attributes, ...described } = describeUser(user)
      return { ...described, UserAttributes: Attributes ?? [], ...mfaOf(user) }
    },
    AdminSetUserPassword: onUser("AdminSetUserPassword", (user, pool, input) => {
      const { Password, Permanent = false } = read(SetPassword, input)
      checkPassword(pool, Password)
      const status = Permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD"
      return { ...user, status, password: passwordVerifier(pool.name, user.username, Password) }
    }),
    AdminConfirmSignUp: async (input, principal) => {
      const pool = poolFor("AdminConfirmSignUp", input, principal)
      const user = directory.user(pool, read(OfUser, input).Username)
      const confirmed = directory.saveUser(pool, { ...user, status: "CONFIRMED" })
      await runTrigger(host, "PostConfirmation", "ConfirmSignUp", { pool, user: confirmed })
      return {}
    },
    AdminUpdateUserAttributes: onUser("AdminUpdateUserAttributes", (user, _pool, input) => {
      const changes = attributesOf(read(UpdateAttributes, input).UserAttributes)
      return { ...user, attributes: { ...user.attributes, ...changes } }
    }),
    AdminDisableUser: onUser("AdminDisableUser", user => ({ ...user, enabled: false })),
    AdminEnableUser: onUser("AdminEnableUser", user => ({ ...user, enabled: true })),
    AdminResetUserPassword: onUser("AdminResetUserPassword", user => ({ ...user, status: "RESET_REQUIRED" })),
    AdminUserGlobalSignOut: onUser("AdminUserGlobalSignOut", (user, pool) => {
      tokens.signOut(pool.id, user.username)
      return undefined
    }),
    AdminDeleteUser: onUser("AdminDeleteUser", (user, pool) => {
      tokens.signOut(pool.id, user.username)
      directory.deleteUser(pool, user)
      return undefined
    }),
    ListUsers: async (input, principal) => {
      const pool = poolFor("ListUsers", input, principal)
      const { Filter, Limit = pageMax, PaginationToken = "0" } = read(ListUsers, input)
      const found = directory.users(pool).filter(userFilter(Filter))
      const from = Number(PaginationToken)
      const more = from + Limit < found.length
      const Users = found.slice(from, from + Limit).map(describeUser)
      return { Users, ...(more && { PaginationToken: String(from + Limit) }) }
    },
  }

  async function invite(pool: UserPool, user: User, password: string, isSilent = false): Promise<JsonObject> {
    const verifier = passwordVerifier(pool.name, user.username, password)
    const invited = directory.saveUser(pool, { ...user, password: verifier })
    if (!isSilent) await sendInvitation(host, pool, invited, password)
    return describeUser(invited)
  }
}

/** A user as AdminGetUser and ListUsers show it. */
export function describeUser(user: User): JsonObject {
  return {
    Username: user.username,
    Attributes: attributeList(user.attributes),
    Enabled: user.enabled,
    UserStatus: user.status,
    UserCreateDate: user.createdAt / 1_000,
    UserLastModifiedDate: user.modifiedAt / 1_000,
  }
}

/** Reads `attribute = "value"` or `attribute ^= "value"`; no filter passes all. */
function userFilter(filter: string | undefined): (user: User) => boolean {
  const [, name = "", operator, value = ""] = /^\s*"?([\w:.]+)"?\s*(\^?=)\s*"(.*)"\s*$/.exec(filter ?? "") ?? []
  if (operator === undefined) return () => true
  return user => {
    const known: Record<string, string> = {
      username: user.username,
      "cognito:user_status": user.status,
      status: user.enabled ? "Enabled" : "Disabled",
      ...user.attributes,
    }
    return operator === "=" ? known[name] === value : (known[name]?.startsWith(value) ?? false)
  }
}
