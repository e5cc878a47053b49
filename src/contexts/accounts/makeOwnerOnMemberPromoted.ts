import { automation, send } from "../../core/index.ts"
import * as account from "./account.ts"
import { events } from "./membership.ts"

export const makeOwnerOnMemberPromoted = automation({
  name: "makeOwnerOnMemberPromoted",
  description: "When a member is promoted, ask the account to take the person in as an owner.",
  on: events.MemberPromoted,
  sends: [account.commands.AddOwner],
  react: ({ accountId, personId, memberName }) => [
    send(
      account.commands.AddOwner({
        accountId,
        personId,
        ...(memberName?.value ? { displayName: memberName.value } : {}),
      }),
    ),
  ],
})
