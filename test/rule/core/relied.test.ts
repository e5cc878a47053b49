import { describe, expect, test } from "vitest"
import { commands as accounts } from "../../../src/contexts/accounts/account.ts"
import { commands as limits } from "../../../src/contexts/indexes/indexLimits.ts"
import { commands as indexes } from "../../../src/contexts/indexes/searchIndex.ts"
import type { Message } from "../../../src/core/message.ts"
import { personNamed } from "../../scenario.ts"
import { kernel, request } from "./kernel.ts"

const accountId = "account-00000000000000001"
const ada = "ada-000000000000000000000"
const support = personNamed("support-00000000000000000", { groups: ["support"] })
const asked = (command: Message) => ({ ...request(command, ada), type: `indexes.${command.type}` })
const asSupport = (command: Message) => {
  const { info, ...rest } = asked(command)
  return { ...rest, info: { ...info, actor: support } }
}
const narrow = limits.SetIndexLimits({ accountId, shardsMax: 1, replicasMax: 0, inferencesMax: 1 })
const large = (indexName: string) => indexes.CreateIndex({ accountId, indexName, settings: { numberOfShards: 3 } })

describe("a decision that relies on another stream", () => {
  test("sees its state", async () => {
    const { ask } = kernel()
    await ask(request(accounts.OpenAccount({ accountId, name: "Ada's", slug: "adas" }), ada))
    expect((await ask(asked(large("one")))).outcome).toMatchObject({ status: "COMMITTED" })
    await ask(asSupport(narrow))
    expect((await ask(asked(large("two")))).outcome).toMatchObject({
      status: "REJECTED",
      rejection: { code: "ShardLimit" },
    })
  })

  test("is made again when that stream moves on before the commit", async () => {
    let isOvertaken = false
    const flow = kernel(store => ({
      ...store,
      commit: async commit => {
        if (commit.decided.commandType === "indexes.CreateIndex" && !isOvertaken) {
          isOvertaken = true
          await flow.ask(asSupport(narrow))
        }
        return store.commit(commit)
      },
    }))
    await flow.ask(request(accounts.OpenAccount({ accountId, name: "Ada's", slug: "adas" }), ada))
    expect((await flow.ask(asked(large("one")))).outcome).toMatchObject({ rejection: { code: "ShardLimit" } })
  })
})
