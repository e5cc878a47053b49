import { Construct } from "constructs"
import type { App } from "../src/core/manifest.ts"
import { BusRule, patternChunks } from "./busRule.ts"
import { projectedEvents } from "./manifests.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

/** Keeps the views over several aggregates, and answers the queries that need computing. */
export class ProjectionEngine extends Construct {
  readonly engine: RoomFunction

  constructor(scope: Construct, id: string, { app, ...room }: RoomProps & { readonly app: App }) {
    super(scope, id)
    const { access, defaults, busName } = room
    this.engine = new RoomFunction(this, "Engine", {
      defaults,
      entry: "projectionEngine",
      description: "Keeps the views over several aggregates and answers what needs computing",
      access: [
        access.views("GetItem", "PutItem"),
        access.events("Query"),
        ...access.openingPersonal(),
        access.trace("BatchWriteItem"),
      ],
    })
    for (const [index, types] of patternChunks(projectedEvents(app)).entries())
      new BusRule(this, `Events${index + 1}`, {
        description: "Events of the aggregates that projections are made from",
        busName,
        pattern: { source: ["foldline.domain"], "detail-type": types },
        room: this.engine,
      })
  }
}
