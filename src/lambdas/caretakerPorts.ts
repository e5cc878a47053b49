import { app } from "../contexts/index.ts"
import {
  deliveries,
  eventStore,
  hash,
  now,
  outbox,
  parking,
  pause,
  publisher,
  push,
  reducerHash,
  track,
  viewStore,
} from "./adapters.ts"

/** Everything that the caretaker works with. */
export const caretakerPorts = () => ({
  app,
  events: eventStore(),
  parking: parking(),
  outbox: outbox(),
  deliveries: deliveries(),
  views: viewStore(),
  track: track(),
  publisher: publisher(),
  push: push(),
  hash,
  reducerHash,
  now,
  pause,
})
