/** Seals personal values before they rest, and opens them again. */
export interface Cipher {
  /** JSON text of `data` with every personal value encrypted under its subject's key. */
  seal(data: unknown): Promise<string>
  /** The data again; a value whose subject was forgotten opens as null. Throws PoisonedError when the text is not what `seal` gave. */
  open(text: string): Promise<unknown>
  /** Does plain data say something about a subject who was forgotten? */
  forgets(data: unknown): Promise<boolean>
  /** The subject as stores may spell it: an address only by its hash. */
  nameOf(subject: string): string
}
