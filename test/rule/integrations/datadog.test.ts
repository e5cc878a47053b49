import { describe, expect, test } from "vitest"
import { attemptsMax } from "../../../src/contexts/indexes/index.ts"
import { commands, datadogIntegration, events } from "../../../src/contexts/integrations/datadogIntegration.ts"
import { integrationsView } from "../../../src/contexts/integrations/integrationsView.ts"
import { tellCellOnMetricsDeliveryDue } from "../../../src/contexts/integrations/tellCellOnMetricsDeliveryDue.ts"
import { schedule } from "../../../src/core/index.ts"
import { unvaulted } from "../../../src/core/outside.ts"
import { asking, given } from "../../scenario.ts"
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

  test("is told again only when the last telling had no answer, and not for ever", () => {
    const again = (attempt: number) => ContinueMetricsDelivery({ ...key, attempt })
    const due = (attempt: number) => events.MetricsDeliveryDue({ ...key, attempt, target })
    given(datadogIntegration).when(again(1)).thenNothing()
    given(datadogIntegration, enabled, due(3)).when(again(2)).thenNothing()
    given(datadogIntegration, enabled, due(attemptsMax - 1))
      .when(again(attemptsMax - 1))
      .thenEvents(due(attemptsMax))
    given(datadogIntegration, enabled, due(attemptsMax)).when(again(attemptsMax)).thenNothing()
  })

  test("with another site or another key is enabled anew", () => {
    for (const [site, apiKeyReference] of [
      ["datadoghq.com", target.apiKeyReference],
      [target.site, "reference-of-another"],
    ] as const) {
      const other = { site, apiKeyReference }
      given(datadogIntegration, enabled, enableDue)
        .when(EnableDatadog({ ...key, site, apiKey: apiKeyReference }))
        .thenEvents(
          events.DatadogEnabled({ ...key, ...other }),
          events.MetricsDeliveryDue({ ...key, attempt: 1, target: other }),
        )
    }
  })

  test("is told to the cell with the key from the vault until the cell has heard or refuses", () => {
    const { question, answered } = asking(tellCellOnMetricsDeliveryDue, enableDue)
    const told = { method: "PUT", path: `/accounts/${key.accountId}/metrics` }
    expect(question).toEqual({
      ...told,
      body: { datadog: { site: target.site, apiKey: { $vault: target.apiKeyReference } }, version: 1 },
    })
    expect(asking(tellCellOnMetricsDeliveryDue, disableDue).question).toEqual({
      ...told,
      body: { datadog: null, version: 1 },
    })
    for (const status of [200, 400, 404]) expect(answered(status), String(status)).toEqual([])
    for (const status of [0, 202, 409, 500])
      expect(answered(status), String(status)).toEqual([
        schedule("metrics-1", "2026-11-01T10:00:01.000Z", ContinueMetricsDelivery({ ...key, attempt: 1 })),
      ])
  })

  test("that is disabled, or never was enabled, has no site to show", () => {
    given(datadogIntegration).thenRows(integrationsView)
    given(datadogIntegration, enabled, disabled).thenRows(integrationsView, {
      ...key,
      enabled: false,
      site: null,
      since: "2026-11-01T10:00:00.000Z",
    })
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
