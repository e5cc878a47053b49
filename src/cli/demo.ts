import { randomUUID } from "node:crypto"
import { type Ask, local, signIn } from "./api.ts"
import { CliError } from "./cliError.ts"
import { stepsOf, timeline } from "./trace.ts"

interface Receipt {
  readonly commandId: string
  readonly traceId: string
  readonly status: string
  readonly aggregateId: string | null
  readonly version: number | null
  readonly duplicate: boolean
  readonly rejection: { code: string; message: string } | null
}

const receiptFields = "commandId traceId status aggregateId version duplicate rejection { code message }"
const patienceMs = 20_000

/** Plays the story of an account: opened, a member invited by mail, accepted, an outsider refused, a repeat recognized; then support reads it. */
export async function demo(): Promise<void> {
  const [owner, member, outsider, support] = await Promise.all(
    ["owner", "member", "outsider", "support"].map(signInByName),
  )
  if (!owner || !member || !outsider || !support)
    throw new CliError("the demo needs the demo users owner, member, outsider and support")
  const accountId = randomUUID()
  const slug = `demo-${accountId.slice(0, 8)}`

  say("the owner opens an account")
  const opened = await run(owner, "openAccount", {
    accountId,
    name: "Demo",
    slug,
    displayName: "Olga Owner",
    commandId: randomUUID(),
  })

  say("the owner invites a member by e-mail")
  const email = emailOf("member")
  const invitationId = randomUUID()
  const invitation = { accountId, invitationId, email, role: "member", commandId: randomUUID() }
  const invited = await run(owner, "inviteMember", invitation)
  await until("the mail is in the mailbox", async () => (await mails()).some(({ text }) => text.includes(invitationId)))

  say("the same command again, as after a lost answer")
  await send(owner, "inviteMember", invitation)
  await until(
    "the receipt says that it is a repeat",
    async () => (await receipt(owner, invitation.commandId))?.duplicate === true,
  )

  say("the invited person finds the invitation and accepts it")
  await until("the invitation is listed", async () =>
    (await listed(member, "myInvitations", "invitationId")).includes(invitationId),
  )
  const accepted = await run(member, "acceptInvitation", {
    accountId,
    invitationId,
    displayName: "Mia Member",
    commandId: randomUUID(),
  })
  await until("an automation made the membership", async () =>
    (await listed(member, "myAccounts", "accountId")).includes(accountId),
  )

  say("an outsider tries to rename the account")
  const refusal = await send(outsider, "renameAccount", { accountId, name: "Mine", commandId: randomUUID() }).catch(
    (error: unknown) => error,
  )
  if (!(refusal instanceof CliError)) throw new CliError("the outsider was not refused")
  tell(`refused before any event: ${refusal.message}`)

  say("the member reads account, members and counts in one query")
  await until("the counts are current", async () => (await account(member, accountId))?.counts?.members === 2)
  tell(JSON.stringify(await account(member, accountId)))

  say("support reads what happened")
  for (const { traceId } of [opened, invited, accepted])
    console.log(timeline(traceId, await stepsOf(support, traceId)).join("\n"))
  console.log(`done. Look further: npx foldline trace ${accountId} · npx foldline history account ${accountId}`)
}

const say = (line: string) => console.log(`\n● ${line}`)
const tell = (line: string) => console.log(`  ${line}`)

const named = (name: string) => local().users.find(({ email }) => email.startsWith(name))
const emailOf = (name: string) => named(name)?.email ?? ""

async function signInByName(name: string): Promise<Ask | undefined> {
  const user = named(name)
  return user === undefined ? undefined : signIn(user.email, user.password)
}

/** Sends a mutation; the answer is the receipt as accepted. */
async function send(ask: Ask, mutation: string, input: Readonly<Record<string, unknown>>): Promise<Receipt> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`
  const answer = await ask<Record<string, Receipt>>(
    `mutation ($input: ${type}) { ${mutation}(input: $input) { ${receiptFields} } }`,
    { input },
  )
  const accepted = answer[mutation]
  if (accepted === undefined) throw new CliError(`${mutation} gave no receipt`)
  return accepted
}

const receipt = async (ask: Ask, commandId: string) =>
  (
    await ask<{ receipt: Receipt | null }>(
      `query ($commandId: ID!) { receipt(commandId: $commandId) { ${receiptFields} } }`,
      { commandId },
    )
  ).receipt

/** Sends a mutation and follows its receipt to the end. */
async function run(
  ask: Ask,
  mutation: string,
  input: Readonly<Record<string, unknown>> & { commandId: string },
): Promise<Receipt> {
  const started = Date.now()
  let last = await send(ask, mutation, input)
  const seen = [last.status]
  while (!["PROJECTED", "REJECTED", "FAILED"].includes(last.status)) {
    if (Date.now() - started > patienceMs)
      throw new CliError(
        `${mutation} was still ${last.status} after ${patienceMs / 1000} s: npx foldline trace ${last.traceId}`,
      )
    await new Promise(resolve => setTimeout(resolve, 50))
    last = (await receipt(ask, input.commandId)) ?? last
    if (seen.at(-1) !== last.status) seen.push(last.status)
  }
  if (last.status !== "PROJECTED")
    throw new CliError(`${mutation} ended ${last.status}: ${last.rejection?.message ?? ""}`)
  tell(`${mutation}: ${seen.join(" → ")} in ${Date.now() - started} ms`)
  return last
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const started = Date.now()
  while (!(await holds())) {
    if (Date.now() - started > patienceMs) throw new CliError(`waited ${patienceMs / 1000} s in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  tell(what)
}

async function listed(ask: Ask, query: string, field: string): Promise<readonly string[]> {
  const answer = await ask<Record<string, { items: Record<string, string>[] }>>(`{ ${query} { items { ${field} } } }`)
  return (answer[query]?.items ?? []).map(item => item[field] ?? "")
}

interface Account {
  readonly name: string
  readonly counts: { members: number; openInvitations: number } | null
}
const account = async (ask: Ask, accountId: string) =>
  (
    await ask<{ account: Account | null }>(
      "query ($accountId: ID!) { account(accountId: $accountId) { name slug version members { items { personId role name } } invitations { items { email } } counts { members openInvitations } } }",
      { accountId },
    )
  ).account

async function mails(): Promise<readonly { text: string }[]> {
  const answer = await fetch(`${local().endpointUrl}/_host/mail`)
  return ((await answer.json()) as { messages: { text: string }[] }).messages
}
