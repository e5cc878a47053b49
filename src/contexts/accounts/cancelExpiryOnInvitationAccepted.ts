import { automation, cancel } from "../../core/index.ts"
import { events } from "./invitation.ts"

export const cancelExpiryOnInvitationAccepted = automation({
  name: "cancelExpiryOnInvitationAccepted",
  description: "When an invitation is accepted, take back the timer that would end it.",
  on: events.InvitationAccepted,
  sends: [],
  timers: ["cancel"],
  react: () => [cancel("expiry")],
})
