import { memoryEventStore } from "../../src/adapters/memory/eventStore.ts"
import { memoryTrack } from "../../src/adapters/memory/track.ts"
import { memoryUpkeepStore } from "../../src/adapters/memory/upkeepStore.ts"
import { memoryViewStore } from "../../src/adapters/memory/viewStore.ts"
import { directoryContract } from "./directoryContract.ts"
import { eventStoreContract } from "./eventStoreContract.ts"
import { parkingContract } from "./parkingContract.ts"
import { trackContract } from "./trackContract.ts"
import { viewStoreContract } from "./viewStoreContract.ts"
import { viewVersionContract } from "./viewVersionContract.ts"

eventStoreContract("in memory", async () => {
  const forgotten = new Set<string>()
  const forget = async (subject: string) => void forgotten.add(subject)
  return { store: memoryEventStore(subject => forgotten.has(subject)), forget }
})
parkingContract("in memory", async () => {
  const events = memoryEventStore()
  return { events, parking: events.parking }
})
directoryContract("in memory", async () => {
  const events = memoryEventStore()
  return { events, directory: events }
})
viewStoreContract("in memory", async () => memoryViewStore())
viewVersionContract("in memory", async () => {
  const events = memoryEventStore()
  const views = memoryViewStore()
  return { events, directory: events, views, upkeep: memoryUpkeepStore(() => views.sourceVersions()) }
})
trackContract("in memory", async () => {
  const track = memoryTrack()
  return {
    track,
    receipts: track,
    receipt: async (actor, commandId, tenant) => track.receipt(actor, commandId, tenant),
    steps: async traceId => track.steps.filter(step => step.traceId === traceId),
    find: async value => track.find(value),
  }
})
