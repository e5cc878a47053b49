/** An environment variable that a function cannot do without. Throws a clear Error naming it. */
export function required(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === "") throw new Error(`the environment variable ${name} is not set`)
  return value
}

/** Waits before the next attempt: exponential with full jitter, at most `maxMs`. */
export const pauseWithJitter = (baseMs: number, maxMs: number) => (attempt: number) =>
  new Promise<void>(resolve => setTimeout(resolve, Math.random() * Math.min(maxMs, baseMs * 2 ** attempt)))
