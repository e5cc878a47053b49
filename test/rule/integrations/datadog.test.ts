import { describe, expect, test } from "vitest"
import { commands, datadogIntegration, events } from "../../../src/contexts/integrations/datadogIntegration.ts"
import { integrationsView } from "../../../src/contexts/integrations/integrationsView.ts"
import { unvaulted } from "../../../src/core/outside.ts"
import { given } from "../../scenario.ts"
import { disableDue, disabled, enableDue, enabled, key, target } from "./facts.ts"

const { EnableDatadog, DisableDatadog, ContinueMetricsDelivery } = commands
/** The kernel hands the reference of a value in the vault to the decider. */
const enable = EnableDatadog({ ...key, site: target.site, apiKey: target.apiKeyReference })

describe("an integration with Datadog", () => {
  test("is enabled with a site and a key, and the cell is told", () => {
    given(datadogIntegration).when(enable).thenEvents(enabled, enableDue)
    given(datadogIntegration, enabled, enableDue).when(enable).thenNothing()
    given(datadogIntegration, enabled, enableDue, disabled).when(enable).thenEvents(enabled, enableDue)
  })

  test("is disabled, and the cell is told", () => {
    given(datadogIntegration, enabled, enableDue).when(DisableDatadog(key)).thenEvents(disabled, disableDue)
    given(datadogIntegration, enabled, disabled).when(DisableDatadog(key)).thenNothing()
    given(datadogIntegration).when(DisableDatadog(key)).thenRejected("NotEnabled")
  })

  test("is told to the cell again, as it stands now", () => {
    const again = ContinueMetricsDelivery({ ...key, attempt: 1 })
    given(datadogIntegration, enabled, enableDue)
      .when(again)
      .thenEvents(events.MetricsDeliveryDue({ ...key, attempt: 2, target }))
    given(datadogIntegration, enabled, enableDue, disabled, disableDue)
      .when(again)
      .thenEvents(events.MetricsDeliveryDue({ ...key, attempt: 2, target: null }))
  })

  test("knows the sites of Datadog and no other", () => {
    const valid = (site: string) => EnableDatadog.schema.safeParse({ ...key, site, apiKey: "k" }).success
    expect(["datadoghq.com", "us5.datadoghq.com", "datadoghq.eu.evil.org", "localhost"].map(valid)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test("is shown without its key", () =>
    given(datadogIntegration, enabled).thenRows(integrationsView, {
      ...key,
      enabled: true,
      site: "datadoghq.eu",
      since: "2026-11-01T10:00:00.000Z",
    }))
})

test("a question gets what the vault keeps for it", async () => {
  const question = { method: "PUT" as const, path: "/x", body: { a: [{ b: { $vault: "r" } }], c: 1, d: null } }
  const vault = { open: async (reference: string) => `value of ${reference}` }
  expect(await unvaulted(question, vault)).toEqual({ ...question, body: { a: [{ b: "value of r" }], c: 1, d: null } })
})
