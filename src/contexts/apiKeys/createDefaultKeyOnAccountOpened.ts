import { automation, send } from "../../core/index.ts"
import { accountEvents } from "../accounts/index.ts"
import { commands } from "./apiKey.ts"

export const createDefaultKeyOnAccountOpened = automation({
  name: "createDefaultKeyOnAccountOpened",
  description: "When an account is opened, create its default key, which waits for its secret.",
  on: accountEvents.AccountOpened,
  sends: [commands.CreateApiKey],
  derives: true,
  react: ({ accountId }, { derive }) => [
    send(
      commands.CreateApiKey({
        accountId,
        apiKeyId: derive(`default-key/${accountId}`).hash,
        name: "default",
        scope: "admin",
      }),
    ),
  ],
})
