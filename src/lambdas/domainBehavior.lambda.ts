import { decider } from "./decide.ts"

/** Decides one command of a context without values for the vault. */
export const handler = decider()
