import { Construct } from "constructs"
import type { AnyAutomation } from "../src/core/automation.ts"
import type { App } from "../src/core/manifest.ts"
import { hasPersonal } from "../src/core/personal.ts"
import type { MutationTarget, TimerTarget } from "./access.ts"
import { BusRule } from "./busRule.ts"
import { mutationsOf, triggerOf } from "./manifests.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

export interface NotifierProps extends RoomProps {
  readonly app: App
  readonly automation: AnyAutomation
  readonly api: MutationTarget
  readonly timers: TimerTarget
}

/** Carries out one automation: it may send the mutations and have the effects that it declares. */
export class Notifier extends Construct {
  constructor(scope: Construct, id: string, { app, automation, api, timers, ...room }: NotifierProps) {
    super(scope, id)
    const { access, defaults, busName } = room
    const mutations = mutationsOf(automation)
    const notifier = new RoomFunction(this, "Notifier", {
      defaults,
      entry: automation.asks?.some(({ speaks }) => speaks === "stripe") ? "stripeNotifier" : "notifier",
      description: automation.description,
      access: [
        access.trace("BatchWriteItem"),
        ...(hasPersonal(automation.on.schema) ? access.openingPersonal() : []),
        ...(automation.derives ? [access.appSecret()] : []),
        ...(automation.reads === undefined ? [] : [access.views("GetItem")]),
        ...(mutations.length === 0 ? [] : [access.mutations(api, ...mutations)]),
        ...(automation.timers === undefined ? [] : [access.timers(timers, automation.timers)]),
        ...(automation.asks ?? []).map(access.service),
        ...(automation.vault === undefined ? [] : [access.vault("GetSecretValue")]),
        ...(automation.effects?.mail === undefined ? [] : [access.mail(), access.remembering()]),
      ],
      environment: { AUTOMATION: automation.name },
    })
    new BusRule(this, "Event", {
      description: automation.description,
      busName,
      pattern: {
        source: ["foldline.domain"],
        "detail-type": [triggerOf(app, automation)],
        "replay-name": [{ exists: false }],
      },
      room: notifier,
    })
    new BusRule(this, "Replay", {
      description: `Events replayed to ${automation.name}, by its name alone`,
      busName,
      pattern: { source: ["foldline.replay"], "detail-type": [automation.name] },
      room: notifier,
    })
  }
}
