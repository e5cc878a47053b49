import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency"
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb"
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import type { Context } from "aws-lambda"
import type { EffectPromise } from "../../core/automation.ts"
import type { EffectResult } from "../../core/run/react.ts"

const expiresAfterSeconds = 45 * 86_400

/** Performs an outside effect under the promise that it declares, remembering it in the idempotency store. */
export type OnceGuard = (key: string, promise: EffectPromise, effect: () => Promise<void>) => Promise<EffectResult>

/**
 * Guards effects with powertools idempotency. `atLeastOnce` and `idempotentProvider`: a failed or killed attempt is made again.
 * `atMostOnce`: an attempt whose end is not recorded is never repeated; its outcome is unknown.
 */
export function onceGuard(
  table: string,
  context: Pick<Context, "getRemainingTimeInMillis">,
  awsSdkV3Client?: DynamoDBClient,
): OnceGuard {
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: table,
    ...(awsSdkV3Client === undefined ? {} : { awsSdkV3Client }),
  })

  return async (key, promise, effect) => {
    const config = new IdempotencyConfig({ expiresAfterSeconds })
    // A record left in progress by a kill opens again after the function's timeout, or, at most once, never.
    const time = promise === "atMostOnce" ? { getRemainingTimeInMillis: () => expiresAfterSeconds * 1_000 } : context
    config.registerLambdaContext(time as Context)
    let performed = false
    let failure: unknown
    const attempt = makeIdempotent(
      async (_: { key: string }): Promise<{ outcome: "performed" | "unknown" }> => {
        performed = true
        try {
          await effect()
          return { outcome: "performed" }
        } catch (error) {
          if (promise !== "atMostOnce") throw error
          failure = error
          return { outcome: "unknown" }
        }
      },
      { persistenceStore, config },
    )
    try {
      const { outcome } = await attempt({ key })
      if (failure !== undefined) return "unknown"
      if (!performed) return outcome === "unknown" ? "unknown" : "alreadyPerformed"
      return "performed"
    } catch (error) {
      const inProgress = error instanceof Error && error.name === "IdempotencyAlreadyInProgressError"
      if (inProgress && promise === "atMostOnce") return "unknown"
      throw error
    }
  }
}
