import { randomUUID } from "node:crypto"
import { tokenOf } from "../../src/cli/api.ts"
import type { RunningHost } from "../../src/host/options.ts"

export interface Receipt {
  readonly commandId: string
  readonly traceId: string
  readonly status: string
  readonly aggregateId: string | null
  readonly version: number | null
  readonly rejection: { code: string; message: string; path: string | null } | null
  readonly reason: string | null
  readonly duplicate: boolean
  readonly protected: boolean
}

export interface GraphqlAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors?: readonly { message: string; errorType?: string | null; errorInfo?: unknown }[]
}

const receiptFields =
  "commandId traceId status aggregateId version rejection { code message path } reason duplicate protected"
const patienceMs = 45_000

/** Waits until `look` gives something. Throws when it does not in time. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | null | false>,
): Promise<Found> {
  const started = Date.now()
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== null && found !== false) return found
    if (Date.now() - started > patienceMs) throw new Error(`waited ${patienceMs / 1000} s in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

/** A demo user at the public API: everything that a client can do, and nothing else. */
export async function signedIn(running: RunningHost, name: string, token: "IdToken" | "AccessToken" = "IdToken") {
  const user = running.local.users.find(({ email }) => email.startsWith(name))
  if (user === undefined) throw new Error(`there is no demo user ${name}`)
  return person(running, await tokenOf(user.email, user.password, running.local, token), user.email)
}

export type Person = ReturnType<typeof person>

function person(running: RunningHost, token: string, email: string) {
  const graphql = async (query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<GraphqlAnswer> => {
    const response = await fetch(running.local.graphqlUrl, {
      method: "POST",
      headers: { authorization: token, "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as GraphqlAnswer
  }

  /** Asks a query that must succeed; gives the named field. */
  async function ask<Answer>(
    field: string,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    const { data, errors } = await graphql(query, variables)
    if (errors !== undefined) throw new Error(`${field}: ${JSON.stringify(errors)}`)
    return data?.[field] as Answer
  }

  const send = (mutation: string, input: Readonly<Record<string, unknown>>) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`
    return graphql(`mutation ($input: ${type}) { ${mutation}(input: $input) { ${receiptFields} } }`, { input })
  }

  const receipt = (commandId: string) =>
    ask<Receipt | null>("receipt", `query ($commandId: ID!) { receipt(commandId: $commandId) { ${receiptFields} } }`, {
      commandId,
    })

  /** Sends a command and follows its receipt to the end. */
  async function run(mutation: string, input: Readonly<Record<string, unknown>>): Promise<Receipt> {
    const commandId = String(input.commandId ?? randomUUID())
    const { data, errors } = await send(mutation, { ...input, commandId })
    if (errors !== undefined || data === null) throw new Error(`${mutation}: ${JSON.stringify(errors)}`)
    return settled(commandId)
  }

  const settled = (commandId: string) =>
    eventually(`an outcome of ${commandId}`, async () => {
      const found = await receipt(commandId)
      return found !== null && ["PROJECTED", "REJECTED", "FAILED"].includes(found.status) && found
    })

  return { email, token, graphql, ask, send, run, receipt, settled }
}

/** Opens an account with a new id; gives the id. */
export async function openAccount(owner: Person, name = "An account"): Promise<string> {
  const accountId = randomUUID()
  const { status } = await owner.run("openAccount", { accountId, name, slug: `s-${accountId.slice(0, 13)}` })
  if (status !== "PROJECTED") throw new Error(`the account was not opened: ${status}`)
  return accountId
}

/** Lets a person become a member of an account by an invitation; returns when the membership is visible to the person. */
export async function join(owner: Person, invitee: Person, accountId: string, role: string): Promise<string> {
  const invitationId = randomUUID()
  await owner.run("inviteMember", { accountId, invitationId, email: invitee.email, role })
  await invitee.run("acceptInvitation", { accountId, invitationId })
  await eventually("the membership", async () => {
    const { items } = await invitee.ask<{ items: { accountId: string; role: string }[] }>(
      "myAccounts",
      "{ myAccounts(limit: 100) { items { accountId role } } }",
    )
    return items.some(item => item.accountId === accountId && item.role === role)
  })
  return invitationId
}

/** Mails in the host's mailbox. */
export async function mails(running: RunningHost) {
  const answer = await fetch(`${running.url}/_host/mail`)
  return ((await answer.json()) as { messages: readonly { to: string[]; subject: string; text: string }[] }).messages
}
