import { automation, send } from "../../core/index.ts"
import { events } from "./account.ts"
import { commands } from "./membership.ts"

export const endMembershipOnOwnerAdded = automation({
  name: "endMembershipOnOwnerAdded",
  description: "When a person has become an owner, end the ordinary membership.",
  on: events.OwnerAdded,
  sends: [commands.EndMembership],
  react: ({ accountId, personId }) => [send(commands.EndMembership({ accountId, personId }))],
})
