/** Data keys by subject. */
export interface SubjectKeys {
  /** The subject's key of 32 bytes, made when `make` and there was none; undefined once the subject is forgotten. */
  keyOf(subject: string, make: boolean): Promise<Uint8Array | undefined>
}

/** Where wrapped data keys are kept. */
export interface WrappedKeys {
  find(subject: string): Promise<Uint8Array | "forgotten" | undefined>
  /** False when the subject has a key, or was forgotten, already. */
  add(subject: string, wrapped: Uint8Array): Promise<boolean>
  /** Destroys the subject's key for ever; ISO time of the first time. */
  shred(subject: string, at: string): Promise<string>
  /** Every subject whose key was destroyed. */
  forgotten(): AsyncIterable<string>
}
