import { app } from "../../../src/contexts/index.ts"
import type { AuthMode } from "../../../src/host/appsync/contract.ts"
import { checkCodes } from "../../../src/host/appsync/runtime/gate/checkCode.ts"
import { newRun } from "../../../src/host/appsync/runtime/run.ts"
import { createSandbox, type Outcome } from "../../../src/host/appsync/runtime/sandbox.ts"
import type { Json } from "../../../src/host/host.ts"
import { bundleFunction } from "../../../src/model/resolverCode.ts"
import { type FunctionName, pipelineFunctions, resolverTable } from "../../../src/model/resolverTable.ts"

export const functionNames = Object.keys(pipelineFunctions) as FunctionName[]
export const entries = resolverTable(app)
const codes = [...functionNames.map(bundleFunction), ...entries.map(entry => entry.code)]

/** What the gate says of every function and of every field's own resolver. */
export const checked = checkCodes(codes)

const sandbox = createSandbox()
const now = () => Date.parse("2026-01-01T12:00:00Z")

export const alice = "3f1c2d7e-0000-4000-8000-00000000a11c"
export const accountId = "01JACCOUNT00000000000000AC"

export interface Call {
  readonly args?: Record<string, Json>
  readonly mode?: AuthMode
  readonly groups?: string[]
  readonly claims?: Record<string, Json>
  readonly source?: Record<string, Json>
}

/** A request as a data source got it. */
export type Asked = Readonly<Record<string, Json>> & { readonly function: FunctionName }

export interface Answered {
  /** Requests that reached data sources, in order. */
  readonly asked: readonly Asked[]
  readonly value?: Json
  readonly error?: { readonly message: string; readonly errorType: string | null; readonly errorInfo?: Json }
  readonly filter?: Json
}

type Answers = Partial<Record<FunctionName, Json>>

/** Runs one field's pipeline as AppSync would; `answers` are what the data sources say to each function. */
export function runField(field: string, call: Call = {}, answers: Answers = {}): Answered {
  const index = entries.findIndex(entry => `${entry.typeName}.${entry.fieldName}` === field)
  const entry = entries[index]
  if (entry === undefined) throw new Error(`there is no resolver for ${field}`)
  const own = handlers(functionNames.length + index)
  const run = newRun(call.mode ?? "AMAZON_COGNITO_USER_POOLS", now)
  const asked: Asked[] = []
  let stash = "{}"
  let previous: Json = null

  const step = (code: ReturnType<typeof handlers>, name: "request" | "response", result?: Json): Outcome => {
    const outcome = code[name]?.(
      JSON.stringify({ ...contextOf(entry, call), stash: JSON.parse(stash), prev: { result: previous }, result }),
      run,
    )
    if (outcome === undefined) throw new Error(`${field} has no ${name}`)
    stash = outcome.stash
    return outcome
  }

  const first = step(own, "request")
  if (first.kind === "error") return { asked, error: first.error }
  for (const name of entry.functions) {
    const code = handlers(functionNames.indexOf(name))
    const request = step(code, "request")
    if (request.kind === "error") return { asked, error: request.error }
    if (request.kind === "early") {
      previous = request.value
      continue
    }
    const sent = JSON.parse(request.json ?? "null")
    asked.push({ function: name, ...sent })
    const response = step(code, "response", answers[name] ?? (name === "passOn" ? sent.payload : null))
    if (response.kind === "error") return { asked, error: response.error }
    previous = response.kind === "early" ? response.value : JSON.parse(response.json ?? "null")
  }
  const last = step(own, "response", previous)
  if (last.kind === "error") return { asked, error: last.error }
  const value = last.kind === "early" ? last.value : (JSON.parse(last.json ?? "null") as Json)
  return { asked, value, ...(run.subscriptionFilter === undefined ? {} : { filter: run.subscriptionFilter }) }
}

const loaded = new Map<number, ReturnType<typeof sandbox.load>>()

function handlers(index: number) {
  const known = loaded.get(index) ?? sandbox.load(checked[index] ?? { script: "", exports: [] })
  loaded.set(index, known)
  return known
}

function contextOf(entry: { typeName: string; fieldName: string }, call: Call) {
  const { args = {}, mode = "AMAZON_COGNITO_USER_POOLS", groups = null, claims = {}, source = null } = call
  const identity =
    mode === "AMAZON_COGNITO_USER_POOLS"
      ? {
          sub: alice,
          username: "alice",
          issuer: "https://pool",
          claims: { sub: alice, ...claims },
          groups,
          sourceIp: [],
        }
      : mode === "AWS_IAM"
        ? { accountId: "111122223333", userArn: "arn:aws:sts::111122223333:assumed-role/notifier/x" }
        : null
  return {
    arguments: args,
    identity,
    source,
    env: {},
    request: { headers: {}, domainName: null },
    info: { fieldName: entry.fieldName, parentTypeName: entry.typeName, variables: {} },
  }
}

/** The answer of a membership query in which the caller has `role`. */
export const memberAs = (role: string): Json => ({ items: [{ row: { role } }], nextToken: null })
export const noMember: Json = { items: [], nextToken: null }
