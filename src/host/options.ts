import type { IncomingMessage, ServerResponse } from "node:http"
import type { Faults, Meter } from "./host.ts"
import type { UnusedStatement } from "./iam/service.ts"

/** How a host is started. */
export interface HostOptions {
  /** A cdk.out folder, or one CloudFormation template (.json, .yaml). */
  readonly template: string
  /** Port of the one HTTP server; 0 takes a free one. */
  readonly port: number
  /** Where data lives; undefined = fresh: a temporary folder that goes with the host. */
  readonly dataFolder?: string
  /** Divides every delay of AWS. Default 1. */
  readonly speed?: number
  /** How far the clock starts ahead of the system's: a restart on kept data must not go back in time. Default 0. */
  readonly clockAheadMs?: number
  readonly faults?: Faults
  /** Counts what AWS would bill; DynamoDB is then asked for consumed capacity with every call. */
  readonly meter?: Meter
  /** Region and account that the resources pretend to be in. Default eu-west-1 and 123456789012. */
  readonly region?: string
  readonly accountId?: string
  /** Users made in the first user pool at start, already confirmed and with a verified address. */
  readonly demoUsers?: readonly { email: string; password: string; groups: readonly string[] }[]
  /** Folder of static files served at `/` (the console), when built. */
  readonly consoleFolder?: string
  /** Refuse to start when the template has a type or property that the host does not support. */
  readonly strict?: boolean
  /** Template parameters without default. */
  readonly parameters?: Readonly<Record<string, string>>
  /** More pages, by path (`/graphiql`). */
  readonly pages?: Readonly<
    Record<string, (request: IncomingMessage, response: ServerResponse) => void | Promise<void>>
  >
  /** Prints lines for people; silent in tests. */
  readonly print?: (line: string) => void
}

/** A host that runs. */
export interface RunningHost {
  readonly url: string
  /** What a client needs; the CLI writes it to `.foldline/local.json`. */
  readonly local: {
    graphqlUrl: string
    realtimeUrl: string
    endpointUrl: string
    /** Base URL of the first HTTP API, without a slash at the end. */
    restUrl: string | null
    apiKey: string | null
    region: string
    userPoolId: string | null
    clientId: string | null
    users: readonly { email: string; password: string; groups: readonly string[] }[]
    /** CloudFormation outputs: `<stack>.<output>`. */
    outputs: Record<string, string>
    /** Physical ids: `<stack>.<logicalId>`. */
    resources: Record<string, string>
  }
  /** The parts, for tests and the CLI. */
  readonly host: import("./host.ts").Host
  /** What roles of the template may do and have not done since the start. */
  unusedStatements(): readonly UnusedStatement[]
  stop(): Promise<void>
}
