import type { Host } from "../host.ts"
import type { FieldCall, FieldResult, Resolvers } from "./contract.ts"
import { createDataSource } from "./datasources/createDataSource.ts"
import type { DataSource } from "./datasources/dataSource.ts"
import { Failed, type Step, startRun, withinDeadline } from "./fieldRun.ts"
import { type Pipeline, runPipeline, runUnit, runUnits } from "./pipeline.ts"
import type { FunctionDefinition, ResolverDefinition, ResolverDefinitions } from "./resolverDefinitions.ts"
import { codeCacheOf } from "./runtime/codeCache.ts"
import { CodeRefused, type CompiledCode, checkedCodes, compileCode } from "./runtime/compileCode.ts"
import { createSandbox } from "./runtime/sandbox.ts"

type Resolver =
  | { kind: "unit"; step: Step; batchSize: number }
  | { kind: "pipeline"; pipeline: Pipeline }
  | { kind: "refused"; reason: string }

const functionsMax = 10

/**
 * Makes the resolvers of one API. Every module is checked first: what AWS would refuse throws, all of it in one error; what it
 * silently runs otherwise is warned of. Throws also when a name leads nowhere or a data source lacks its configuration.
 */
export function createResolvers(host: Host, definitions: ResolverDefinitions): Resolvers {
  const environment = JSON.stringify(definitions.environmentVariables ?? {})
  const sources = new Map(definitions.dataSources.map(source => [source.name, createDataSource(host, source)]))
  const codeOf = compileAll(host, definitions)
  const functions = new Map(definitions.functions.map(one => [one.id, one]))
  const resolvers = new Map(
    definitions.resolvers.map(one => [
      fieldKey(one.typeName, one.fieldName),
      build(host, one, { sources, functions, codeOf }),
    ]),
  )

  const run = async (call: FieldCall): Promise<FieldResult> => {
    const resolver = resolvers.get(fieldKey(call.parentType, call.fieldName))
    if (resolver === undefined) throw new Error(`There is no resolver for ${call.parentType}.${call.fieldName}.`)
    const fieldRun = startRun(host, call, environment)
    if (resolver.kind === "unit") return runUnit(fieldRun, resolver.step)
    if (resolver.kind === "pipeline") return runPipeline(fieldRun, resolver.pipeline)
    return fieldRun.fail(new Failed({ message: resolver.reason, errorType: "MappingTemplate" }))
  }

  const runBatch = async (calls: readonly FieldCall[]): Promise<readonly FieldResult[]> => {
    const [first] = calls
    if (first === undefined) return []
    const resolver = resolvers.get(fieldKey(first.parentType, first.fieldName))
    if (resolver?.kind !== "unit" || resolver.step.source.invokeBatch === undefined) return Promise.all(calls.map(run))
    const { step } = resolver
    const { source } = step
    const runs = calls.map(call => startRun(host, call, environment))
    return runUnits(runs, step, async requests => {
      const answer = source.invokeBatch?.(requests, { resolverId: step.id, field: first })
      return answer === undefined ? [] : withinDeadline(host, first, answer)
    })
  }

  return {
    has: (parentType, fieldName) => resolvers.has(fieldKey(parentType, fieldName)),
    run,
    runBatch,
    batchSize: (parentType, fieldName) => {
      const resolver = resolvers.get(fieldKey(parentType, fieldName))
      return resolver?.kind === "unit" && resolver.step.source.invokeBatch !== undefined ? resolver.batchSize : 0
    },
  }
}

const fieldKey = (typeName: string, fieldName: string): string => `${typeName}.${fieldName}`

interface Parts {
  readonly sources: ReadonlyMap<string, DataSource>
  readonly functions: ReadonlyMap<string, FunctionDefinition>
  codeOf(code: string): CompiledCode | undefined
}

function build(host: Host, definition: ResolverDefinition, parts: Parts): Resolver {
  const id = fieldKey(definition.typeName, definition.fieldName)
  const steps = (definition.pipelineFunctions ?? []).map(name => {
    const found = parts.functions.get(name)
    if (found === undefined) throw new Error(`The resolver ${id} names the function ${name}, which does not exist.`)
    return found
  })
  const template = [definition, ...steps].find(one => usesTemplate(one))
  if (template !== undefined) {
    const reason = `The resolver ${id} uses a VTL mapping template, which this host does not run: write it in APPSYNC_JS (Code, Runtime).`
    host.log.warn("appsync", reason)
    return { kind: "refused", reason }
  }
  if (definition.kind === "PIPELINE") {
    if (steps.length > functionsMax)
      throw new Error(`The resolver ${id} has ${steps.length} functions; AppSync takes at most ${functionsMax}.`)
    const code = definition.code === undefined ? {} : (parts.codeOf(definition.code) ?? {})
    return { kind: "pipeline", pipeline: { code, steps: steps.map(one => stepOf(`${id}/${one.id}`, one, parts)) } }
  }
  return { kind: "unit", step: stepOf(id, definition, parts), batchSize: definition.maxBatchSize ?? 0 }
}

const usesTemplate = ({
  code,
  requestMappingTemplate,
  responseMappingTemplate,
}: FunctionDefinition | ResolverDefinition) =>
  code === undefined && (requestMappingTemplate !== undefined || responseMappingTemplate !== undefined)

function stepOf(
  id: string,
  { dataSourceName = "", code }: FunctionDefinition | ResolverDefinition,
  parts: Parts,
): Step {
  const source = parts.sources.get(dataSourceName)
  if (source === undefined)
    throw new Error(`The resolver ${id} names the data source "${dataSourceName}", which does not exist.`)
  if (code === undefined && source.type !== "AWS_LAMBDA") {
    throw new Error(
      `The resolver ${id} has no code: only a Lambda data source can do without, ${source.name} is ${source.type}.`,
    )
  }
  const compiled = code === undefined ? undefined : parts.codeOf(code)
  return { id, source, ...(compiled === undefined ? {} : { code: compiled }) }
}

/** Checks and compiles each distinct module once; the same code in many resolvers shares its handlers. */
function compileAll(
  host: Host,
  { functions, resolvers }: ResolverDefinitions,
): (code: string) => CompiledCode | undefined {
  const names = new Map<string, string>()
  for (const { name, code } of functions) if (code !== undefined) names.set(code, `the function ${name}`)
  for (const { typeName, fieldName, code } of resolvers) {
    if (code !== undefined) names.set(code, `the resolver ${fieldKey(typeName, fieldName)}`)
  }
  const sandbox = createSandbox()
  const checked = checkedCodes([...names.keys()], codeCacheOf(host))
  const compiled = new Map<string, CompiledCode>()
  const refusals: string[] = []
  for (const [index, [code, name]] of [...names].entries()) {
    const known = checked[index]
    if (known === undefined) continue
    for (const { line, column, message } of known.warnings)
      host.log.warn("appsync", `${name}, ${line}:${column}: ${message}`)
    try {
      compiled.set(code, compileCode(name, known, sandbox))
    } catch (error) {
      if (!(error instanceof CodeRefused)) throw error
      refusals.push(error.message)
    }
  }
  if (refusals.length > 0) throw new Error(refusals.join("\n"))
  return code => compiled.get(code)
}
