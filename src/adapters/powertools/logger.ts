import { Logger } from "@aws-lambda-powertools/logger"

/** The function's log: JSON lines with its request id. What a message carries never goes in here: it may be personal. */
export const logger = new Logger()
