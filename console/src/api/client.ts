import { generateClient } from "aws-amplify/api"
import { fetchAuthSession } from "aws-amplify/auth"

/** Why the API did not answer: its own error type, or `Network` or `SignedOut`. */
export class ApiError extends Error {
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

export type Variables = Readonly<Record<string, unknown>>

const client = generateClient()

/** The ID token: other than the access token it carries the verified e-mail address, by which invitations are found. */
async function authorization(): Promise<Record<string, string>> {
  const { tokens } = await fetchAuthSession()
  if (tokens?.idToken === undefined) throw new ApiError("SignedOut", "Your session has expired. Sign in again.")
  return { Authorization: tokens.idToken.toString() }
}

const graphql = (query: string, variables: Variables): unknown =>
  client.graphql({ query, variables: { ...variables } }, authorization)

/** Asks a query or mutation. Throws ApiError. */
export async function ask<Answer>(query: string, variables: Variables = {}): Promise<Answer> {
  try {
    const { data } = await (graphql(query, variables) as Promise<{ data: Answer }>)
    return data
  } catch (error) {
    throw apiError(error)
  }
}

interface Pushes<Pushed> {
  subscribe(observer: { next(push: { data: Pushed }): void; error(): void }): { unsubscribe(): void }
}

/** Hears what a subscription pushes, for as long as the connection can be held or made again; returns how to stop. */
export function subscribe<Pushed>(query: string, variables: Variables, onPush: (pushed: Pushed) => void): () => void {
  const pushes = graphql(query, variables) as Pushes<Pushed>
  const subscription = pushes.subscribe({ next: ({ data }) => onPush(data), error: () => {} })
  return () => subscription.unsubscribe()
}

interface Failure {
  readonly message?: string
  readonly errorType?: string
  readonly originalError?: unknown
}

function apiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  const [first] = (thrown as { errors?: readonly Failure[] }).errors ?? []
  if (first?.originalError instanceof ApiError) return first.originalError
  if (first?.errorType !== undefined) return new ApiError(first.errorType, first.message ?? first.errorType)
  const message = first?.message ?? (thrown instanceof Error ? thrown.message : String(thrown))
  return /network|fetch/i.test(message)
    ? new ApiError("Network", "The service cannot be reached. Check your connection.")
    : new ApiError("Unknown", message)
}
