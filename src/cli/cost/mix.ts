import { randomUUID } from "node:crypto"
import type { RunningHost } from "../../host/options.ts"
import { type Ask, askAs, tokenOf } from "../api.ts"
import { CliError } from "../cliError.ts"
import { subscriber } from "../subscriber.ts"

/** A command as a client sends it. */
interface Step {
  readonly by: "owner" | "member"
  readonly mutation: string
  readonly input: Readonly<Record<string, unknown>>
}

/** What is recorded: each returns how many requests it made; `settled` waits until their effects are over. */
export interface Mix {
  /** Renames of one account: the plain command, without automations or claims. */
  plain(times: number): Promise<number>
  /** The same renames, while one client watches the account. */
  watched(times: number): Promise<number>
  /** The life of an account: opened, renamed, somebody invited, who accepts and gets another role. */
  life(): Promise<number>
  /** Single items, lists and a nested query, in equal shares. */
  queries(times: number): Promise<number>
}

/** People at the API of a running host who do what this app is for. */
export async function mixOn({ local }: RunningHost, settled: () => Promise<void>): Promise<Mix> {
  const signedIn = async (name: string): Promise<string> => {
    const user = local.users.find(({ email }) => email.startsWith(name))
    if (user === undefined) throw new CliError(`the mix needs the demo user ${name}`)
    return tokenOf(user.email, user.password, local)
  }
  const ownerToken = await signedIn("owner")
  const people: Readonly<Record<Step["by"], Ask>> = {
    owner: askAs(ownerToken, local),
    member: askAs(await signedIn("member"), local),
  }
  const memberEmail = local.users.find(({ email }) => email.startsWith("member"))?.email ?? ""

  const send = async ({ by, mutation, input }: Step): Promise<void> => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`
    await people[by](`mutation ($input: ${type}) { ${mutation}(input: $input) { commandId status traceId } }`, {
      input: { ...input, commandId: randomUUID() },
    })
    await settled()
  }

  const open = async (): Promise<string> => {
    const accountId = randomUUID()
    const slug = `a-${accountId.slice(0, 13)}`
    await send({ by: "owner", mutation: "openAccount", input: { accountId, name: "An account", slug } })
    return accountId
  }
  const known = await open()
  const rename = (accountId: string, name: string): Step => ({
    by: "owner",
    mutation: "renameAccount",
    input: { accountId, name },
  })

  const lifeOf = (accountId: string): readonly Step[] => {
    const invitationId = randomUUID()
    return [
      rename(accountId, "A better name"),
      rename(accountId, "The best name"),
      { by: "owner", mutation: "inviteMember", input: { accountId, invitationId, email: memberEmail, role: "member" } },
      { by: "member", mutation: "acceptInvitation", input: { accountId, invitationId, displayName: "Mia Member" } },
      rename(accountId, "The very best name"),
    ]
  }

  const questions = [
    "account(accountId: $id) { name slug status version }",
    "members(accountId: $id) { items { personId role name } }",
    "myAccounts { items { accountId role } }",
    "account(accountId: $id) { name members { items { personId role name } } invitations { items { email } } counts { members openInvitations } }",
  ]

  let renames = 0
  const plain = async (times: number) => {
    for (let time = 1; time <= times; time++) await send(rename(known, `Name ${++renames}`))
    return times
  }

  return {
    plain,
    async watched(times) {
      const watching = await subscriber(local, ownerToken)
      const subscription = "subscription ($id: ID!) { onAccountChanged(accountId: $id) { view key version } }"
      await watching.subscribe("onAccountChanged", subscription, { id: known }, () => {})
      await settled()
      return plain(times).finally(watching.close)
    },
    async life() {
      const steps = lifeOf(await open())
      for (const step of steps) await send(step)
      return steps.length + 1
    },
    async queries(times) {
      for (let time = 0; time < times; time++) {
        const question = questions[time % questions.length] ?? ""
        const variables = question.includes("$id") ? "($id: ID!)" : ""
        await people.owner(`query ${variables} { ${question} }`, variables === "" ? {} : { id: known })
      }
      await settled()
      return times
    },
  }
}
