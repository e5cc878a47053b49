import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { ReceiptMove, Track } from "../../src/core/ports.ts"
import type { Receipts } from "../../src/core/receipts.ts"
import { commandInfo, personNamed } from "../scenario.ts"

/** What a test may look at beside the port. */
export interface TrackUnderTest {
  readonly track: Track
  readonly receipts: Receipts
  receipt(
    actor: string,
    commandId: string,
    tenant: string,
  ): Promise<(Partial<ReceiptMove> & { duplicate?: boolean }) | undefined>
  steps(traceId: string): Promise<readonly { step: string; message?: string }[]>
  find(value: string): Promise<readonly string[]>
}

const moveOf = (status: ReceiptMove["status"], more: Partial<ReceiptMove> = {}): ReceiptMove => ({
  commandId: "command",
  actor: "actor",
  tenant: "tenant",
  traceId: "trace",
  status,
  at: "2026-11-01T10:00:01.000Z",
  acceptedAt: "2026-11-01T10:00:00.000Z",
  ...more,
})

/** What every track & trace promises. */
export function trackContract(name: string, open: () => Promise<TrackUnderTest>): void {
  describe(`track & trace ${name}`, () => {
    let under: TrackUnderTest
    beforeAll(async () => {
      under = await open()
    })

    test("moves a receipt forward only", async () => {
      const commandId = randomUUID()
      expect(await under.track.move(moveOf("ACCEPTED", { commandId }))).toBe("moved")
      expect(await under.track.move(moveOf("PROJECTED", { commandId, version: 1 }))).toBe("moved")
      expect(await under.track.move(moveOf("ACCEPTED", { commandId }))).toBe("kept")
      expect(await under.track.move(moveOf("FAILED", { commandId, reason: "late" }))).toBe("kept")
      expect(await under.receipt("actor", commandId, "tenant")).toMatchObject({ status: "PROJECTED", version: 1 })
    })

    test("tells where a command stands, each actor and tenant by itself", async () => {
      const commandId = randomUUID()
      const asked = { actor: "actor", commandId, tenant: "tenant" }
      expect(await under.receipts.status(asked)).toBeUndefined()
      await under.track.move(moveOf("COMMITTED", { commandId }))
      expect(await under.receipts.status(asked)).toBe("COMMITTED")
      expect(await under.receipts.status({ ...asked, tenant: "other" })).toBeUndefined()
      expect(await under.receipts.status({ ...asked, actor: "other" })).toBeUndefined()
    })

    test("lets a parked command end in any outcome", async () => {
      const commandId = randomUUID()
      await under.track.move(moveOf("PARKED", { commandId }))
      expect(await under.track.move(moveOf("COMMITTED", { commandId }))).toBe("kept")
      expect(await under.track.move(moveOf("REJECTED", { commandId }))).toBe("moved")
    })

    test("marks a repeat without touching its outcome, also when the repeat comes first", async () => {
      const [after, before] = [randomUUID(), randomUUID()]
      await under.track.move(moveOf("PROJECTED", { commandId: after, version: 7 }))
      await under.track.markDuplicate(commandInfo({ commandId: after, actor: personNamed("actor"), tenant: "tenant" }))
      expect(await under.receipt("actor", after, "tenant")).toMatchObject({
        status: "PROJECTED",
        version: 7,
        duplicate: true,
      })
      await under.track.markDuplicate(commandInfo({ commandId: before, actor: personNamed("actor"), tenant: "tenant" }))
      expect(await under.track.move(moveOf("REJECTED", { commandId: before }))).toBe("moved")
      expect(await under.receipt("actor", before, "tenant")).toMatchObject({ status: "REJECTED", duplicate: true })
    })

    test("keeps the receipt of a misused command id beside that of its first use", async () => {
      const commandId = randomUUID()
      await under.track.move(moveOf("PROJECTED", { commandId }))
      expect(await under.track.move(moveOf("REJECTED", { commandId, misuse: true, traceId: "other" }))).toBe("moved")
      expect(await under.receipt("actor", commandId, "tenant")).toMatchObject({ status: "PROJECTED" })
    })

    test("notes a step once, however often it is recorded", async () => {
      const traceId = randomUUID()
      const step = {
        traceId,
        step: "view",
        causeId: "cause",
        component: "account.1",
        at: "2026-11-01T10:00:00.000Z",
      } as const
      await under.track.record([step, { ...step, component: "members.1" }])
      await under.track.record([{ ...step, message: "again" }])
      const steps = await under.steps(traceId)
      expect(steps).toHaveLength(2)
      expect(steps.filter(({ message }) => message === "again")).toHaveLength(1)
    })

    test("records more steps than one batch holds", async () => {
      const traceId = randomUUID()
      await under.track.record(
        Array.from({ length: 60 }, (_, index) => ({
          traceId,
          step: "view" as const,
          causeId: `c${index}`,
          component: "v",
          at: "2026-11-01T10:00:00.000Z",
        })),
      )
      expect(await under.steps(traceId)).toHaveLength(60)
    })

    test("finds a trace by any of its values, whatever the case", async () => {
      const [traceId, value] = [randomUUID(), `Ada-${randomUUID()}@Example.org`]
      const at = "2026-11-01T10:00:00.000Z"
      await under.track.record([{ traceId, step: "accepted", causeId: "c", component: "c", at }], [value, "x"])
      expect(await under.find(value.toLowerCase())).toContain(traceId)
    })
  })
}
