import type { Context } from "aws-lambda"
import { logger } from "../adapters/powertools/logger.ts"

/** A handler whose log lines say which request they belong to. */
export const logged =
  <Event, Result>(handle: (event: Event, context: Context) => Promise<Result>) =>
  (event: Event, context: Context): Promise<Result> => {
    logger.addContext(context)
    return handle(event, context)
  }
