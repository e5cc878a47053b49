import { Stack, type StackProps } from "aws-cdk-lib/core"
import type { Construct } from "constructs"
import type { App } from "../src/core/manifest.ts"
import { DeadLetters } from "./deadLetters.ts"
import { EventBus } from "./eventBus.ts"
import { Identity } from "./identity.ts"
import { exportJoint } from "./joint.ts"
import { Keys, type KeysProps } from "./keys.ts"
import { Services } from "./services.ts"
import { Stores } from "./stores.ts"

export interface StatefulStackProps extends StackProps, KeysProps {
  readonly app: App
  /** Name of the stack whose rules may leave dead letters here. */
  readonly statelessName: string
}

/** What must outlive any deployment: stores, people, keys, the bus, dead letters. Logical ids are for ever. */
export class StatefulStack extends Stack {
  constructor(scope: Construct, id: string, { app, mailSender, statelessName, ...props }: StatefulStackProps) {
    super(scope, id, { terminationProtection: true, ...props })
    const stores = new Stores(this, "Stores")
    const keys = new Keys(this, "Keys", { mailSender })
    const identity = new Identity(this, "Identity", { app })
    const { bus } = new EventBus(this, "EventBus")
    const dead = new DeadLetters(this, "DeadLetters", {
      busName: bus.eventBusName,
      ruleNamePrefix: statelessName,
    })
    new Services(this, "Services", { app })
    exportJoint(this, {
      EventStoreName: stores.eventStore.tableName,
      IdempotencyStoreName: stores.idempotencyStore.tableName,
      OutboxName: stores.outbox.tableName,
      OutboxStreamArn: stores.outboxStreamArn,
      ViewStoreName: stores.viewStore.tableName,
      TraceTableName: stores.traceTable.tableName,
      KeyTableName: stores.keyTable.tableName,
      DataKeyArn: keys.dataKey.keyArn,
      AppSecretArn: keys.appSecret.secretArn,
      MailSenderSecretArn: keys.mailSender.secretArn,
      BusName: bus.eventBusName,
      DeadLettersArn: dead.letters.queueArn,
      UnhandledLettersArn: dead.unhandled.queueArn,
      UserPoolId: identity.userPool.userPoolId,
      UserPoolClientId: identity.client.userPoolClientId,
    })
  }
}
