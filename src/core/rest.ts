import type { z } from "zod"
import type { Message, MessageType } from "./message.ts"
import type { AnyView, View } from "./view.ts"

/** A request to the REST API as a context sees it. */
export interface RestRequest {
  readonly tenant: string
  /** Parameters of the path. */
  readonly path: Readonly<Record<string, string>>
  /** The body's JSON; undefined when there was none. */
  readonly body: unknown
}

export interface RestAnswer {
  readonly status: number
  readonly body: unknown
}

/** An answer that tells what went wrong: `code` is for programs, `type` and `message` are for people. */
export interface RestError {
  readonly status: number
  readonly code: string
  readonly type: string
  readonly message: string
}

interface Place {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** With parameters in braces: `/copies/{copyId}`. */
  readonly path: string
  readonly description: string
}

/** A route that asks for a command and answers with its outcome. */
export interface CommandRoute extends Place {
  readonly command: MessageType
  /** The command's data but for the tenant, not yet validated. */
  readonly data: (request: RestRequest) => Readonly<Record<string, unknown>>
  /** Body of the 200 once the command has taken effect, or was so already. */
  readonly answer: (request: RestRequest) => unknown
}

/** A route that reads rows of a view. */
export interface RowsRoute extends Place {
  readonly view: AnyView
  /** Fields of the view's partition but for the tenant. */
  readonly key: (request: RestRequest) => Readonly<Record<string, string>>
  readonly answer: (rows: readonly never[], request: RestRequest) => RestAnswer | RestError
}

export type RestRoute = CommandRoute | RowsRoute

/** Declares a route that reads rows. */
export const rowsRoute = <Schema extends z.ZodObject>(
  route: Omit<RowsRoute, "view" | "answer"> & {
    readonly view: View<Schema>
    readonly answer: (rows: readonly z.output<Schema>[], request: RestRequest) => RestAnswer | RestError
  },
): RowsRoute => route as RowsRoute

/** What a context offers over REST. */
export interface Rest {
  readonly routes: readonly RestRoute[]
  /** How clients read the refusals of its commands: rejection, or `<rejection>:<path>`, → status, code and type. The message is the rejection's. */
  readonly refusals: Readonly<Record<string, Omit<RestError, "message">>>
}

/** A program that acts for a tenant with a credential of its own. */
export interface Client {
  readonly id: string
  readonly tenant: string
  readonly role: string
}

/** How programs sign in to the REST API. */
export interface Clients {
  /** The header that carries the credential, in small letters. */
  readonly header: string
  /** The view whose row, read by key, tells whose credential it is. */
  readonly view: AnyView
  /** The row's key and the secret in what was presented; undefined when it is no credential. */
  readonly read: (
    presented: string,
  ) => { readonly key: Readonly<Record<string, string>>; readonly secret: string } | undefined
  /** Whose it is; undefined when the secret's hash is not the row's, or it counts no more. */
  readonly client: (row: never, secretHash: string) => Client | undefined
  /** What notes that it was used, when that is due at this time. */
  readonly used: (row: never, time: string) => Message | undefined
}

/** Declares how programs sign in. */
export const clients = <Schema extends z.ZodObject>(
  declaration: Omit<Clients, "view" | "client" | "used"> & {
    readonly view: View<Schema>
    readonly client: (row: z.output<Schema>, secretHash: string) => Client | undefined
    readonly used: (row: z.output<Schema>, time: string) => Message | undefined
  },
): Clients => declaration as Clients

/** `GET /copies/{copyId}` */
export const routeKey = ({ method, path }: RestRoute) => `${method} ${path}`
