import { automation, mail, send } from "../../core/index.ts"
import { accountView } from "./accountView.ts"
import { commands, events } from "./invitation.ts"

export const mailInvitationOnMemberInvited = automation({
  name: "mailInvitationOnMemberInvited",
  description: "When a member is invited, mail the invitation with a secret that proves who received it.",
  on: events.MemberInvited,
  sends: [commands.RecordInvitationSecret],
  effects: { mail: "atLeastOnce" },
  reads: { account: { view: accountView, key: ({ accountId }) => ({ accountId }) } },
  derives: true,
  react: ({ accountId, invitationId, email, role }, { rows, derive }) => {
    const secret = derive(`invitation/${accountId}/${invitationId}`)
    const account = typeof rows.account?.name === "string" ? rows.account.name : "an account"
    if (email.value === null) return []
    return [
      send(commands.RecordInvitationSecret({ accountId, invitationId, secretHash: secret.hash })),
      mail({
        to: email.value,
        subject: `You are invited to ${account}`,
        text: [
          `You are invited to join ${account} as ${role}.`,
          "",
          `Account: ${accountId}`,
          `Invitation: ${invitationId}`,
          `Secret: ${secret.value}`,
          "",
          "Sign in and accept the invitation with this secret, or ignore this mail.",
        ].join("\n"),
      }),
    ]
  },
})
