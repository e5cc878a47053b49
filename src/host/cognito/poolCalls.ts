import { z } from "zod"
import type { JsonObject } from "../host.ts"
import { type Call, type CognitoParts, read } from "./parts.ts"
import type { PoolClient, UserPool } from "./userPool.ts"

const OfPool = z.object({ UserPoolId: z.string() })
const OfClient = OfPool.extend({ ClientId: z.string() })

/** What the template made, as calls show it. */
export function poolCalls({ host, directory }: CognitoParts): Record<string, Call> {
  return {
    DescribeUserPool: async (input, principal) => {
      const pool = directory.pool(read(OfPool, input).UserPoolId)
      host.iam.authorize(principal, "cognito-idp:DescribeUserPool", pool.arn)
      return { UserPool: describePool(pool, directory.users(pool).length) }
    },
    ListUserPools: async (_input, principal) => {
      host.iam.authorize(principal, "cognito-idp:ListUserPools", "*")
      const pools = [...directory.pools.values()]
      return { UserPools: pools.map(({ id, properties }) => ({ Id: id, Name: properties.UserPoolName ?? id })) }
    },
    ListUserPoolClients: async (input, principal) => {
      const pool = directory.pool(read(OfPool, input).UserPoolId)
      host.iam.authorize(principal, "cognito-idp:ListUserPoolClients", pool.arn)
      return {
        UserPoolClients: directory.clients(pool).map(({ id, properties }) => ({
          ClientId: id,
          UserPoolId: pool.id,
          ClientName: properties.ClientName ?? id,
        })),
      }
    },
    DescribeUserPoolClient: async (input, principal) => {
      const { UserPoolId, ClientId } = read(OfClient, input)
      host.iam.authorize(principal, "cognito-idp:DescribeUserPoolClient", directory.pool(UserPoolId).arn)
      return { UserPoolClient: describeClient(directory.client(ClientId)) }
    },
  }
}

function describePool({ id, arn, properties, createdAt }: UserPool, users: number): JsonObject {
  const { UserPoolName, Schema, ...rest } = properties
  const plain: JsonObject = JSON.parse(JSON.stringify(rest))
  return {
    ...plain,
    Id: id,
    Arn: arn,
    Name: UserPoolName ?? id,
    SchemaAttributes: JSON.parse(JSON.stringify(Schema ?? [])),
    EstimatedNumberOfUsers: users,
    CreationDate: createdAt / 1_000,
    LastModifiedDate: createdAt / 1_000,
  }
}

function describeClient({ id, pool, secret, properties }: PoolClient): JsonObject {
  const { GenerateSecret: _, ...rest } = properties
  const plain: JsonObject = JSON.parse(JSON.stringify(rest))
  return {
    ...plain,
    ClientId: id,
    UserPoolId: pool.id,
    ClientName: properties.ClientName ?? id,
    ...(secret !== undefined && { ClientSecret: secret }),
  }
}
