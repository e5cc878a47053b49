import { z } from "zod"
import { type Aggregate, group, messages } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"

const limits = {
  shardsMax: z.int().min(1).max(1_000),
  replicasMax: z.int().min(0).max(1_000),
  inferencesMax: z.int().min(0).max(1_000),
}

export const commands = messages({
  SetIndexLimits: z
    .object({ accountId: AccountId, ...limits })
    .describe("Sets how large each index of an account may be."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  IndexLimitsSet: z.object({ accountId: AccountId, ...limits }).describe("Indexes of the account may be this large."),
})

export interface State {
  readonly shardsMax: number
  readonly replicasMax: number
  readonly inferencesMax: number
}

/** An account has one limit for shards, replicas and inferences of each index; without a word of support, the ordinary one. */
export const indexLimits: Aggregate<typeof commands, typeof events, State, Readonly<Record<never, string>>> = {
  name: "indexLimits",
  description: "An account has one limit for shards, replicas and inferences of each index.",
  commands,
  events,
  rejections: {},
  key: "accountId",
  initial: { shardsMax: 5, replicasMax: 1, inferencesMax: 5 },
  authorize: { SetIndexLimits: group("support") },

  decide: {
    SetIndexLimits: (state, { accountId, shardsMax, replicasMax, inferencesMax }) =>
      state.shardsMax === shardsMax && state.replicasMax === replicasMax && state.inferencesMax === inferencesMax
        ? []
        : [events.IndexLimitsSet({ accountId, shardsMax, replicasMax, inferencesMax })],
  },

  evolve: {
    IndexLimitsSet: (_, { shardsMax, replicasMax, inferencesMax }) => ({ shardsMax, replicasMax, inferencesMax }),
  },
}
