import { automation, send } from "../../core/index.ts"
import { events } from "./account.ts"
import { commands } from "./membership.ts"

export const makeMembershipOnOwnerDemoted = automation({
  name: "makeMembershipOnOwnerDemoted",
  description: "When an owner is demoted, make the person a member with the new role.",
  on: events.OwnerDemoted,
  sends: [commands.JoinAccount],
  react: ({ accountId, personId, role, ownerName }) => [
    send(
      commands.JoinAccount({
        accountId,
        personId,
        role,
        ...(ownerName?.value ? { displayName: ownerName.value } : {}),
      }),
    ),
  ],
})
