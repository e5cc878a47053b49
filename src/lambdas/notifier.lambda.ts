import { httpOutside } from "../adapters/http/outside.ts"
import { notifier } from "./notify.ts"

/** Runs one automation on one event. */
export const handler = notifier(httpOutside)
