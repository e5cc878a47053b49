import { createHash, randomUUID } from "node:crypto"
import type { DurableMap } from "../durable.ts"
import { AwsError, type Host } from "../host.ts"
import { invalidParameter, notFound, userNotFound } from "./cognitoErrors.ts"
import {
  type ClientProperties,
  type Group,
  type PoolClient,
  type PoolProperties,
  signsInByAttribute,
  type User,
  type UserPool,
  type UserStatus,
} from "./userPool.ts"

/** Pools and clients of the template, and the users and groups in them; these outlive a restart. */
export interface Directory {
  readonly pools: ReadonlyMap<string, UserPool>
  addPool(physicalName: string, properties: PoolProperties): UserPool
  pool(id: string): UserPool
  addClient(physicalName: string, properties: ClientProperties): PoolClient
  client(id: string): PoolClient
  clients(pool: UserPool): PoolClient[]
  users(pool: UserPool): User[]
  /** By user name, or by an address that signs in. */
  findUser(pool: UserPool, name: string): User | undefined
  user(pool: UserPool, name: string): User
  addUser(pool: UserPool, name: string, attributes: Record<string, string>, status: UserStatus): User
  saveUser(pool: UserPool, user: User): User
  deleteUser(pool: UserPool, user: User): void
  groups(pool: UserPool): Group[]
  group(pool: UserPool, name: string): Group
  addGroup(pool: UserPool, group: Group): Group
  deleteGroup(pool: UserPool, name: string): void
}

const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"

export function createDirectory(host: Host, stored: DurableMap<User>, storedGroups: DurableMap<Group>): Directory {
  const pools = new Map<string, UserPool>()
  const clients = new Map<string, PoolClient>()
  const keyOf = (pool: UserPool, name: string) => `${pool.id}|${name}`
  /** pool|signing-in name → user name */
  const names = new Map<string, string>()

  const cased = ({ properties }: UserPool, name: string) =>
    properties.UsernameConfiguration?.CaseSensitive === false ? name.toLowerCase() : name

  const aliasesOf = (pool: UserPool, { attributes }: User): string[] => {
    const byAlias = (pool.properties.AliasAttributes ?? []).filter(
      name => name === "preferred_username" || attributes[`${name}_verified`] === "true",
    )
    return [...(pool.properties.UsernameAttributes ?? []), ...byAlias].flatMap(name => attributes[name] ?? [])
  }

  const index = (pool: UserPool, user: User): void => {
    for (const alias of [user.username, ...aliasesOf(pool, user)]) {
      names.set(keyOf(pool, cased(pool, alias)), user.username)
    }
  }
  const unindex = (pool: UserPool, user: User): void => {
    for (const alias of [user.username, ...aliasesOf(pool, user)]) names.delete(keyOf(pool, cased(pool, alias)))
  }

  const directory: Directory = {
    pools,
    addPool: (physicalName, properties) => {
      const name = shortHash(`${host.region}|${physicalName}`, 9)
      const id = `${host.region}_${name}`
      const arn = `arn:aws:cognito-idp:${host.region}:${host.accountId}:userpool/${id}`
      const pool: UserPool = { id, arn, name, properties, createdAt: pools.get(id)?.createdAt ?? host.clock.now() }
      pools.set(id, pool)
      for (const user of directory.users(pool)) index(pool, user)
      return pool
    },
    pool: id => pools.get(id) ?? fail(notFound(`User pool ${id} does not exist.`)),
    addClient: (physicalName, properties) => {
      const pool = directory.pool(properties.UserPoolId)
      const id = shortHash(`${pool.id}|${physicalName}`, 26)
      const secret = properties.GenerateSecret ? { secret: shortHash(`secret|${pool.id}|${physicalName}`, 51) } : {}
      const client = { id, pool, properties, ...secret }
      clients.set(id, client)
      return client
    },
    client: id => clients.get(id) ?? fail(notFound(`User pool client ${id} does not exist.`)),
    clients: pool => [...clients.values()].filter(client => client.pool.id === pool.id),
    users: pool => [...stored.entries()].filter(([key]) => key.startsWith(`${pool.id}|`)).map(([, user]) => user),
    findUser: (pool, name) => {
      const username = names.get(keyOf(pool, cased(pool, name)))
      return username === undefined ? undefined : stored.get(keyOf(pool, username))
    },
    user: (pool, name) => directory.findUser(pool, name) ?? fail(userNotFound()),
    addUser: (pool, name, attributes, status) => {
      const attribute = attributeOfName(pool, name)
      if (directory.findUser(pool, name)) {
        const message = attribute ? `An account with the given ${attribute} already exists.` : "User already exists"
        throw new AwsError("UsernameExistsException", message)
      }
      const sub = randomUUID()
      const all = { sub, ...(attribute && { [attribute]: name }), ...attributes }
      checkRequired(pool, all)
      const now = host.clock.now()
      return directory.saveUser(pool, {
        username: attribute ? sub : cased(pool, name),
        enabled: true,
        status,
        attributes: all,
        password: null,
        groups: [],
        codes: {},
        createdAt: now,
        modifiedAt: now,
      })
    },
    saveUser: (pool, user) => {
      const before = stored.get(keyOf(pool, user.username))
      if (before) unindex(pool, before)
      const saved = { ...user, modifiedAt: host.clock.now() }
      stored.set(keyOf(pool, user.username), saved)
      index(pool, saved)
      return saved
    },
    deleteUser: (pool, user) => {
      unindex(pool, user)
      stored.delete(keyOf(pool, user.username))
    },
    groups: pool =>
      [...storedGroups.entries()].filter(([key]) => key.startsWith(`${pool.id}|`)).map(([, group]) => group),
    group: (pool, name) => storedGroups.get(keyOf(pool, name)) ?? fail(notFound("Group not found.")),
    addGroup: (pool, group) => {
      storedGroups.set(keyOf(pool, group.name), group)
      return group
    },
    deleteGroup: (pool, name) => {
      directory.group(pool, name)
      storedGroups.delete(keyOf(pool, name))
      for (const user of directory.users(pool)) {
        if (user.groups.includes(name)) {
          directory.saveUser(pool, { ...user, groups: user.groups.filter(group => group !== name) })
        }
      }
    },
  }
  return directory
}

/** Which attribute a signing-in name fills, in a pool that uses addresses as names. */
function attributeOfName(pool: UserPool, name: string): "email" | "phone_number" | undefined {
  if (!signsInByAttribute(pool)) return undefined
  const allowed = pool.properties.UsernameAttributes ?? []
  if (allowed.includes("email") && /^[^@\s]+@[^@\s]+$/.test(name)) return "email"
  if (allowed.includes("phone_number") && /^\+\d+$/.test(name)) return "phone_number"
  throw invalidParameter(
    allowed.includes("email") ? "Username should be an email." : "Username should be a phone number.",
  )
}

function checkRequired({ properties }: UserPool, attributes: Record<string, string>): void {
  const missing = (properties.Schema ?? []).filter(({ Name, Required }) => Required && Name && !attributes[Name])
  if (missing.length === 0) return
  const reasons = missing.map(({ Name }) => `${Name}: The attribute is required\n`)
  throw invalidParameter(`Attributes did not conform to the schema: ${reasons.join("")}`)
}

function shortHash(text: string, length: number): string {
  const digest = createHash("sha512").update(text).digest()
  return [...digest.subarray(0, length)].map(byte => alphabet[byte % alphabet.length]).join("")
}

function fail(error: AwsError): never {
  throw error
}
