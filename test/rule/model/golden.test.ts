import { describe, expect, test } from "vitest"
import { app } from "../../../src/contexts/index.ts"
import { fold, type StoredEvent, schemaVersionOf, upcast } from "../../../src/core/aggregate.ts"
import { everyContext } from "../../../src/core/manifest.ts"
import { goldenEvent, goldenFile, plain, readGolden } from "../../golden/events.ts"

const versions = everyContext(app).flatMap(context =>
  context.aggregates.flatMap(aggregate =>
    Object.keys(aggregate.events).flatMap(type =>
      Array.from({ length: schemaVersionOf(aggregate, type) }, (_, index) => ({
        context: context.name,
        aggregate,
        name: `${type}.v${index + 1}`,
      })),
    ),
  ),
)

describe("an event that was stored once", () => {
  test.each(versions)("is read, brought to today's version and folded: $context $name", async ({
    context,
    aggregate,
    name,
  }) => {
    const golden = readGolden(context, name)
    const missing = `test/golden/${goldenFile(context, name)} is missing: keep an event of this version as its row holds it`
    if (golden === undefined) throw new Error(missing)
    const events: StoredEvent[] = []
    for (const before of golden.after) {
      const file = readGolden(context, before)
      if (file === undefined) throw new Error(`${name} comes after ${before}, which has no golden file`)
      events.push(await goldenEvent(before, file, events.length + 1))
    }
    const event = await goldenEvent(name, golden, events.length + 1)
    expect(aggregate.events[event.type].schema.safeParse(upcast(aggregate, event)).error).toBeUndefined()
    expect(plain(fold(aggregate, [...events, event]))).toEqual(golden.state)
  })
})
