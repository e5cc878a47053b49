import { randomUUID } from "node:crypto"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as membership } from "../../../src/contexts/accounts/membership.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import type { Message } from "../../../src/core/message.ts"
import { decideOrPark } from "../../../src/core/run/park.ts"
import { redrive } from "../../../src/core/run/redrive.ts"
import { rehearse } from "../../../src/core/run/rehearse.ts"
import { kernel, request } from "./kernel.ts"

export const ada = "ada-000000000000000000000"
export const bob = "bob-000000000000000000000"
export const forever = "9999"

/** An account, and an event in its stream that this code does not know. */
export async function poisoned() {
  const k = kernel()
  const ports = { ...k.ports, parking: k.events.parking, track: k.track, views: k.views }
  const accountId = randomUUID()
  const stream = `${accountId}/account/${accountId}`
  const ask = (command: Message, actor = ada, more: Parameters<typeof request>[2] = {}) =>
    decideOrPark(ports, request(command, actor, more))
  await ask(account.OpenAccount({ accountId, name: "Ada's", slug: `s${accountId.slice(0, 8)}` }))
  await ask(membership.JoinAccount({ accountId, personId: bob, role: "admin" }), "policy", { automation: true })
  await k.project()
  const [opened] = (await k.events.load(stream, "")).events as [StoredEvent]
  const event = (type: string, data: Record<string, unknown>): StoredEvent => ({
    type,
    schemaVersion: 1,
    data,
    info: { ...opened.info, id: `${stream}/2`, version: 2 },
  })
  k.events.plant(event("AccountBewitched", {}))
  return {
    k,
    ports,
    accountId,
    stream,
    ask,
    rename: (name: string) => account.RenameAccount({ accountId, name }),
    /** The event turns into one that can be folded. */
    repair: () => k.events.plant(event("AccountRenamed", { accountId, name: "Repaired", slug: "repaired" })),
    names: async () => {
      const names: unknown[] = []
      for await (const { data } of k.events.read(stream, 3)) names.push(data.name)
      return names
    },
    redrive: (deadline = forever) => redrive(ports, stream, "support-person", deadline),
    rehearse: () => rehearse(ports, stream),
  }
}
