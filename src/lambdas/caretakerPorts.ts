import { signedGraphql } from "../adapters/appsync/client.ts"
import { appsyncPush } from "../adapters/appsync/push.ts"
import { required } from "../adapters/environment.ts"
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
  reducerHash,
  track,
  viewStore,
} from "./adapters.ts"

const push = appsyncPush(signedGraphql(required("API_URL")))

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
  push,
  hash,
  reducerHash,
  now,
  pause,
})
