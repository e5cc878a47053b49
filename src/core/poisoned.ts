/** Thrown for stored data that no retry can handle: it is set aside at once, alone, and everything else goes on. */
export class PoisonedError extends Error {
  override readonly name = "PoisonedError"
  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause}`, { cause })
  }
}

/** Runs pure code over stored data: what it throws, it would throw again. */
export function sure<Result>(what: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new PoisonedError(what, error)
  }
}
