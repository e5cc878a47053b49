import { Construct } from "constructs"
import type { MutationTarget } from "./access.ts"
import { readingStream, readOutbox } from "./outboxReader.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

/** Writes the rows of views from the snapshots that outbox rows carry, and pushes receipts and changes. */
export class ViewUpdater extends Construct {
  readonly writer: RoomFunction

  constructor(
    scope: Construct,
    id: string,
    room: RoomProps & { readonly outboxStreamArn: string; readonly api: MutationTarget },
  ) {
    super(scope, id)
    const { access, defaults, outboxStreamArn, api } = room
    this.writer = new RoomFunction(this, "Writer", {
      defaults,
      entry: "viewUpdater",
      description: "Writes the rows of views",
      access: [
        readingStream(this, outboxStreamArn, defaults.deadLettersArn),
        access.views("Query", "PutItem", "UpdateItem", "DeleteItem"),
        access.trace("UpdateItem", "BatchWriteItem", "BatchGetItem"),
        ...access.openingPersonal(),
        access.mutations(api, "publishReceipt", "publishViewChange"),
      ],
    })
    readOutbox(this.writer, outboxStreamArn)
  }
}
