import { z } from "zod"
import { type Aggregate, backend, member, messages, rejected, vaulted } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { attemptsMax } from "../indexes/index.ts"

const key = { accountId: AccountId }
const Site = z
  .string()
  .regex(
    /^(?:datadoghq\.com|us[35]\.datadoghq\.com|datadoghq\.eu|ap[12]\.datadoghq\.com|ddog-gov\.com)$/,
    "must be a site of Datadog",
  )

export const commands = messages({
  EnableDatadog: z
    .object({ ...key, site: Site, apiKey: vaulted() })
    .describe("Publishes the metrics of the account's indexes to Datadog; the key is never readable again."),
  DisableDatadog: z.object(key).describe("Publishes nothing to Datadog any more."),
  ContinueMetricsDelivery: z
    .object({ ...key, attempt: z.int() })
    .describe("Tells the cell again where metrics go, unless it was told too often."),
})

const Target = z.object({ site: z.string(), apiKeyReference: z.string() })

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  DatadogEnabled: z.object({ ...key, ...Target.shape }).describe("Metrics go to Datadog."),
  DatadogDisabled: z.object(key).describe("Metrics go to Datadog no more."),
  MetricsDeliveryDue: z
    .object({ ...key, attempt: z.int(), target: Target.nullable() })
    .describe("The cell is to be told where metrics go, once more."),
})
const { DatadogEnabled, DatadogDisabled, MetricsDeliveryDue } = events

type Target = z.output<typeof Target>
export type State =
  | { readonly status: "unknown" }
  | {
      readonly status: "enabled" | "disabled"
      readonly accountId: AccountId
      readonly target: Target | null
      readonly since: string
      readonly attempt: number
    }

const rejections = { NotEnabled: "Datadog is not enabled." } as const

/** The metrics of an account go to one place or nowhere; who may read the key to it is Datadog alone. */
export const datadogIntegration: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "datadogIntegration",
  description: "The metrics of an account go to one place or nowhere; who may read the key to it is Datadog alone.",
  commands,
  events,
  rejections,
  key: "accountId",
  initial: { status: "unknown" },

  authorize: {
    EnableDatadog: member("member"),
    DisableDatadog: member("member"),
    ContinueMetricsDelivery: backend(),
  },

  decide: {
    EnableDatadog: (state, { accountId, site, apiKey: apiKeyReference }) => {
      const target = { site, apiKeyReference }
      const isSame =
        state.status === "enabled" && state.target?.site === site && state.target.apiKeyReference === apiKeyReference
      return isSame
        ? []
        : [DatadogEnabled({ accountId, ...target }), MetricsDeliveryDue({ accountId, attempt: 1, target })]
    },

    DisableDatadog: (state, { accountId }) => {
      if (state.status === "unknown") return rejected("NotEnabled")
      return state.status === "disabled"
        ? []
        : [DatadogDisabled({ accountId }), MetricsDeliveryDue({ accountId, attempt: 1, target: null })]
    },

    ContinueMetricsDelivery: (state, { accountId, attempt }) =>
      state.status === "unknown" || state.attempt !== attempt || attempt >= attemptsMax
        ? []
        : [MetricsDeliveryDue({ accountId, attempt: attempt + 1, target: state.target })],
  },

  evolve: {
    DatadogEnabled: (_, { accountId, site, apiKeyReference }, { time }) => ({
      status: "enabled",
      accountId,
      target: { site, apiKeyReference },
      since: time,
      attempt: 0,
    }),
    DatadogDisabled: (state, _, { time }) =>
      state.status === "unknown" ? state : { ...state, status: "disabled", target: null, since: time, attempt: 0 },
    MetricsDeliveryDue: (state, { attempt }) => (state.status === "unknown" ? state : { ...state, attempt }),
  },
}
