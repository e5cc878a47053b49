import { Construct } from "constructs"
import { readingStream, readOutbox } from "./outboxReader.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

/** Publishes what the outbox holds: events and outcomes reach the bus if and only if they were committed. */
export class EventFanout extends Construct {
  readonly publisher: RoomFunction

  constructor(scope: Construct, id: string, room: RoomProps & { readonly outboxStreamArn: string }) {
    super(scope, id)
    const { access, defaults, outboxStreamArn } = room
    this.publisher = new RoomFunction(this, "Publisher", {
      defaults,
      entry: "eventFanout",
      description: "Publishes what the outbox holds",
      access: [
        readingStream(this, outboxStreamArn, defaults.deadLettersArn),
        access.outbox("UpdateItem"),
        access.bus(),
        ...access.openingPersonal(),
      ],
    })
    readOutbox(this.publisher, outboxStreamArn)
  }
}
