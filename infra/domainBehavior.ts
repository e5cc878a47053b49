import { Construct } from "constructs"
import type { z } from "zod"
import type { Context } from "../src/core/manifest.ts"
import type { MessageType } from "../src/core/message.ts"
import { metaOf } from "../src/core/personal.ts"
import type { AccessTo } from "./access.ts"
import { BusRule } from "./busRule.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

/** What deciding a command needs: the stores of one transaction, and the data keys of the subjects that it names. */
export const decidingAccess = (access: AccessTo) => [
  access.events("Query", "PutItem", "DeleteItem", "ConditionCheckItem"),
  access.idempotency("GetItem", "PutItem", "ConditionCheckItem"),
  access.outbox("PutItem", "GetItem"),
  ...access.sealingPersonal(),
]

/** Decides the commands of one context. */
export class DomainBehavior extends Construct {
  readonly decider: RoomFunction

  constructor(scope: Construct, id: string, { context, ...room }: RoomProps & { readonly context: Context }) {
    super(scope, id)
    const { name } = context
    this.decider = new RoomFunction(this, "Decider", {
      defaults: room.defaults,
      entry: hasVaulted(context) ? "vaultingDomainBehavior" : "domainBehavior",
      description: `Decides the commands of ${name}`,
      access: [
        ...decidingAccess(room.access),
        room.access.trace("UpdateItem", "BatchWriteItem"),
        ...(hasVaulted(context) ? [room.access.vault("CreateSecret")] : []),
      ],
      environment: { CONTEXT: name },
    })
    new BusRule(this, "Commands", {
      description: `Commands of ${name}, as asked for`,
      busName: room.busName,
      pattern: { source: ["foldline.actor"], "detail-type": [{ prefix: `${name}.` }] },
      room: this.decider,
    })
  }
}

/** Does a command of the context have a value for the vault? */
const hasVaulted = ({ aggregates }: Context) =>
  aggregates.some(({ commands }) =>
    Object.values<MessageType>(commands).some(({ schema }) =>
      Object.values(schema.shape).some(field => metaOf(field as z.ZodType).vaulted === true),
    ),
  )
