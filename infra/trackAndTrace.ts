import { Construct } from "constructs"
import type { MutationTarget } from "./access.ts"
import { BusRule } from "./busRule.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

/** Records every step of every request. */
export class TrackAndTrace extends Construct {
  constructor(scope: Construct, id: string, room: RoomProps & { readonly api: MutationTarget }) {
    super(scope, id)
    const { access, defaults, busName, api } = room
    const recorder = new RoomFunction(this, "Recorder", {
      defaults,
      entry: "trackAndTrace",
      description: "Records every step of every request",
      access: [access.trace("UpdateItem", "BatchWriteItem", "BatchGetItem"), access.mutations(api, "publishTraceStep")],
    })
    new BusRule(this, "Messages", {
      description: "Everything on the bus",
      busName,
      pattern: { source: ["foldline.actor", "foldline.domain", "foldline.outcome"] },
      room: recorder,
    })
  }
}
