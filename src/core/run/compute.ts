import type { App } from "../manifest.ts"
import type { ViewStore } from "../ports.ts"
import { partitionKey, storedName } from "../view.ts"

/** Said in place of an answer to whoever asks for something that is not valid: no function has failed. */
export interface NotValid {
  readonly notValid: string
}

/** Computes the answer of a query of the app, or says that what is asked is not valid. Throws when there is no such query. */
export async function compute(
  app: App,
  views: Pick<ViewStore, "get">,
  question: string,
  asked: unknown,
  now: string,
): Promise<unknown> {
  const found = app.contexts.flatMap(({ computed }) => computed ?? []).find(({ name }) => name === question)
  if (found === undefined) throw new Error(`there is no query ${question}`)
  const parsed = found.arguments.safeParse(withoutNulls(asked))
  const issue = parsed.error?.issues[0]
  if (issue !== undefined) return { notValid: `${issue.path.join(".")}: ${issue.message}` } satisfies NotValid
  const reads = Object.entries(found.reads ?? {}).map(async ([name, { of, key }]) => {
    const partition = partitionKey(storedName(of), of.partition, key(parsed.data as never))
    return [name, (await views.get({ partition, sort: "." }))?.row ?? undefined] as const
  })
  return found.compute(parsed.data as never, Object.fromEntries(await Promise.all(reads)), now)
}

/** What is left out of a query comes as null. */
const withoutNulls = (asked: unknown) =>
  Object.fromEntries(Object.entries(asked ?? {}).filter(([, value]) => value !== null))
