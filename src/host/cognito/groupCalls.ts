import { z } from "zod"
import { AwsError, type JsonObject, type Principal } from "../host.ts"
import { describeUser } from "./adminCalls.ts"
import { type Call, type CognitoParts, read } from "./parts.ts"
import type { Group, UserPool } from "./userPool.ts"

const OfPool = z.object({ UserPoolId: z.string() })
const OfGroup = OfPool.extend({ GroupName: z.string() })
const OfUser = OfPool.extend({ Username: z.string() })
const CreateGroup = OfGroup.extend({
  Description: z.string().optional(),
  Precedence: z.number().optional(),
  RoleArn: z.string().optional(),
})
const Membership = OfGroup.extend({ Username: z.string() })

/** Groups and who is in them; each call is authorized on the pool. */
export function groupCalls({ host, directory }: CognitoParts): Record<string, Call> {
  const poolFor = (action: string, input: JsonObject, principal: Principal): UserPool => {
    const pool = directory.pool(read(OfPool, input).UserPoolId)
    host.iam.authorize(principal, `cognito-idp:${action}`, pool.arn)
    return pool
  }

  return {
    CreateGroup: async (input, principal) => {
      const pool = poolFor("CreateGroup", input, principal)
      const { GroupName, Description, Precedence, RoleArn } = read(CreateGroup, input)
      if (directory.groups(pool).some(({ name }) => name === GroupName)) {
        throw new AwsError("GroupExistsException", "A group with the name already exists.")
      }
      const group = directory.addGroup(pool, {
        name: GroupName,
        description: Description ?? null,
        precedence: Precedence ?? null,
        roleArn: RoleArn ?? null,
      })
      return { Group: describeGroup(pool, group) }
    },
    GetGroup: async (input, principal) => {
      const pool = poolFor("GetGroup", input, principal)
      return { Group: describeGroup(pool, directory.group(pool, read(OfGroup, input).GroupName)) }
    },
    DeleteGroup: async (input, principal) => {
      directory.deleteGroup(poolFor("DeleteGroup", input, principal), read(OfGroup, input).GroupName)
      return {}
    },
    ListGroups: async (input, principal) => {
      const pool = poolFor("ListGroups", input, principal)
      return { Groups: directory.groups(pool).map(group => describeGroup(pool, group)) }
    },
    AdminAddUserToGroup: async (input, principal) => {
      const pool = poolFor("AdminAddUserToGroup", input, principal)
      const { GroupName, Username } = read(Membership, input)
      const user = directory.user(pool, Username)
      const groups = [...new Set([...user.groups, directory.group(pool, GroupName).name])]
      directory.saveUser(pool, { ...user, groups })
      return {}
    },
    AdminRemoveUserFromGroup: async (input, principal) => {
      const pool = poolFor("AdminRemoveUserFromGroup", input, principal)
      const { GroupName, Username } = read(Membership, input)
      const user = directory.user(pool, Username)
      const { name } = directory.group(pool, GroupName)
      directory.saveUser(pool, { ...user, groups: user.groups.filter(group => group !== name) })
      return {}
    },
    AdminListGroupsForUser: async (input, principal) => {
      const pool = poolFor("AdminListGroupsForUser", input, principal)
      const { groups } = directory.user(pool, read(OfUser, input).Username)
      return { Groups: groups.map(name => describeGroup(pool, directory.group(pool, name))) }
    },
    ListUsersInGroup: async (input, principal) => {
      const pool = poolFor("ListUsersInGroup", input, principal)
      const { name } = directory.group(pool, read(OfGroup, input).GroupName)
      const users = directory.users(pool).filter(({ groups }) => groups.includes(name))
      return { Users: users.map(describeUser) }
    },
  }
}

function describeGroup(pool: UserPool, { name, description, precedence, roleArn }: Group): JsonObject {
  return {
    GroupName: name,
    UserPoolId: pool.id,
    ...(description !== null && { Description: description }),
    ...(precedence !== null && { Precedence: precedence }),
    ...(roleArn !== null && { RoleArn: roleArn }),
  }
}
