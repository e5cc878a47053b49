import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import type { Context, EventBridgeEvent } from "aws-lambda"
import { signedGraphql } from "../adapters/appsync/client.ts"
import { appsyncCommandSender } from "../adapters/appsync/commandSender.ts"
import { required } from "../adapters/environment.ts"
import { onceGuard } from "../adapters/powertools/onceGuard.ts"
import { traced } from "../adapters/powertools/tracer.ts"
import { schedulerTimers } from "../adapters/scheduler/timers.ts"
import { deriveFrom, secretText } from "../adapters/secrets/secret.ts"
import { secretsVault } from "../adapters/secrets/vault.ts"
import { sesMail } from "../adapters/ses/mail.ts"
import { app } from "../contexts/index.ts"
import type { AnyAutomation } from "../core/automation.ts"
import { cloudEventToEvent } from "../core/cloudEvent.ts"
import { serviceVariable } from "../core/manifest.ts"
import { type Outside, type OutsideService, unvaulted } from "../core/outside.ts"
import type { CloudEvent } from "../core/ports.ts"
import { react } from "../core/run/react.ts"
import { hash, now, track, viewStore } from "./adapters.ts"
import { busMessage } from "./busMessage.ts"

const name = required("AUTOMATION")
const automation = automationNamed(name)

const secrets = new SecretsManagerClient({})
const applicationSecret = secretText(secrets, process.env.APP_SECRET_ID ?? "")
const mailSender = secretText(secrets, process.env.MAIL_SENDER_SECRET_ID ?? "")
/** Only an automation that sends commands knows the API. */
const sender = appsyncCommandSender((query, variables) => signedGraphql(required("API_URL"))(query, variables))
const sendMail = sesMail(mailSender)
/** Where a service is may change at any time: read each time that it is asked. */
const textOf = ({ name: service }: OutsideService) => secretText(secrets, required(serviceVariable(service)))()
/** Only an automation that hands on what the vault keeps may open it. */
const vault = process.env.VAULT_PREFIX === undefined ? undefined : secretsVault(secrets, process.env.VAULT_PREFIX)
const timers = schedulerTimers({
  group: process.env.TIMER_GROUP ?? "",
  busArn: process.env.BUS_ARN ?? "",
  roleArn: process.env.TIMER_ROLE_ARN ?? "",
  deadLettersArn: process.env.DEAD_LETTERS_ARN ?? "",
})

/** Runs one automation on each event; `speak` makes the adapter by which it asks services outside. */
export function notifier(speak: (textOf: (service: OutsideService) => Promise<string>) => Outside) {
  const spoken = speak(textOf)
  const outside: Outside = {
    ask: async (service, question, key) =>
      spoken.ask(service, vault === undefined ? question : await unvaulted(question, vault), key),
  }
  return (message: EventBridgeEvent<string, CloudEvent>, context: Context): Promise<void> =>
    run(message, context, outside)
}

async function run(message: EventBridgeEvent<string, CloudEvent>, context: Context, outside: Outside): Promise<void> {
  const { event } = await busMessage(message)
  const guard = onceGuard(process.env.TABLE_IDEMPOTENCY ?? "", context)
  const traceId = String(event.traceid)
  await react(
    {
      app,
      views: viewStoreIfGranted(),
      sender,
      timers,
      outside: {
        ask: (service, question, key) => traced(service.name, traceId, () => outside.ask(service, question, key)),
      },
      track: track(),
      mail: (effect, key, promise, begins) =>
        guard(key, promise, async () => {
          await begins()
          await traced("mail", traceId, () => sendMail(effect, key))
        }),
      derive: automation.derives ? deriveFrom(await applicationSecret()) : undeclared,
      hash,
      now,
    },
    automation,
    cloudEventToEvent(event),
  )
}

function automationNamed(name: string): AnyAutomation {
  const found = app.contexts.flatMap(context => context.automations).find(one => one.name === name)
  if (found === undefined) throw new Error(`no context has an automation ${name}`)
  return found
}

function undeclared(): never {
  throw new Error(`${name} derives a secret without declaring it: add derives: true`)
}

/** Only an automation that reads rows knows the view table. */
const viewStoreIfGranted = () => (process.env.TABLE_VIEWS === undefined ? { get: async () => undefined } : viewStore())
