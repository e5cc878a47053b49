import { automation, schedule } from "../../core/index.ts"
import { commands, events } from "./invitation.ts"

export const expireInvitationWhenDue = automation({
  name: "expireInvitationWhenDue",
  description: "When a member is invited, set the timer that ends the invitation.",
  on: events.MemberInvited,
  sends: [commands.ExpireInvitation],
  timers: ["set"],
  react: ({ accountId, invitationId, expiresAt }) => [
    schedule("expiry", expiresAt, commands.ExpireInvitation({ accountId, invitationId })),
  ],
})
