/** What is counted of the things that AWS bills; amounts are in the unit that the name says. */
export type Metered =
  /** Of an API's queries and mutations, by root field. */
  | "appsync.operation"
  /** To one subscriber, in steps of 5 KB; by subscription field. */
  | "appsync.message"
  /** Custom events in steps of 64 KB, by source. */
  | "events.event"
  /** Invocations, by function; their CPU milliseconds, and the other milliseconds times the memory in MB. */
  | "lambda.request"
  | "lambda.cpuMs"
  | "lambda.waitMbMs"
  /** Capacity units by `<table>[/<index>] <operation>`. */
  | "dynamodb.readUnit"
  | "dynamodb.writeUnit"
  /** Calls of the AWS endpoint, by `service.Operation`. */
  | "endpoint.call"
  /** Bytes that functions log, by function. */
  | "logs.byte"

/** Told of everything that AWS would bill. */
export type Meter = (metered: Metered, of: string, amount: number) => void
