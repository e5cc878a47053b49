import * as events from "aws-cdk-lib/aws-events"
import { Construct } from "constructs"
import { keep } from "./keep.ts"

/** The bus that carries commands as asked for, events, and outcomes without an event. */
export class EventBus extends Construct {
  readonly bus: events.EventBus

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.bus = new events.EventBus(this, "Bus", { description: "Commands as asked for, events, outcomes" })
    keep(this.bus, "Bus")
  }
}
