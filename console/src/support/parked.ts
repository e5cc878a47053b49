import { useQuery } from "@tanstack/react-query"
import { ask } from "../api/client.ts"
import { againEveryMs, usePages } from "../api/pages.ts"
import type { CommandStatus, Page } from "../model.generated.ts"

export interface Parked {
  readonly kind: string
  readonly stream: string
  readonly cause: string
  readonly at: string
  readonly version: number | null
  readonly waiting: readonly { readonly type: string; readonly traceId: string; readonly commandId: string }[]
}

/** What is set aside. */
export const useParked = () =>
  usePages<Parked>(
    ["parked"],
    async nextToken => {
      const query = `query ($nextToken: String) { parked(limit: 50, nextToken: $nextToken) {
      items { kind stream cause at version waiting { type traceId commandId } } nextToken
    } }`
      return (await ask<{ parked: Page<Parked> }>(query, { nextToken })).parked
    },
    againEveryMs,
  )

export interface Rehearsal {
  readonly folds: boolean
  readonly cause: string | null
  readonly commands: readonly {
    readonly type: string
    readonly commandId: string
    readonly status: CommandStatus
    readonly events: readonly { readonly version: number; readonly type: string }[]
    readonly rejection: { readonly code: string; readonly message: string } | null
    readonly reason: string | null
  }[]
  readonly views: readonly {
    readonly view: string
    readonly key: string
    readonly before: string | null
    readonly after: string | null
  }[]
}

/** What a release would do; nothing is written. */
export const useRehearsal = (stream: string) =>
  useQuery({
    queryKey: ["rehearsal", stream],
    staleTime: 0,
    queryFn: async () => {
      const query = `query ($stream: ID!) { rehearse(stream: $stream) {
        folds cause
        commands { type commandId status events { version type } rejection { code message } reason }
        views { view key before after }
      } }`
      return (await ask<{ rehearse: Rehearsal }>(query, { stream })).rehearse
    },
  })

export interface Redrive {
  readonly status: string
  readonly released: number
  readonly left: number
  readonly cause: string | null
}

const slicesMax = 100

/** Releases a stream, slice by slice, until nothing waits or it cannot go on. */
export async function release(stream: string): Promise<Redrive> {
  let last: Redrive = { status: "RELEASING", released: 0, left: 0, cause: null }
  let released = 0
  for (let slice = 0; slice < slicesMax && last.status === "RELEASING"; slice += 1) {
    const query = "mutation ($stream: ID!) { redrive(stream: $stream) { status released left cause } }"
    last = (await ask<{ redrive: Redrive }>(query, { stream })).redrive
    released += last.released
  }
  return { ...last, released }
}
