import type { Host } from "../host.ts"
import { compileModules } from "./compiledModules.ts"
import type { FieldCall, FieldResult, ResolverDefinitions, Resolvers } from "./contract.ts"
import { createDataSource } from "./datasources/createDataSource.ts"
import type { DataSource } from "./datasources/dataSource.ts"
import { Failed, type Step, startRun, withinDeadline } from "./fieldRun.ts"
import { type Pipeline, runPipeline, runUnit, runUnits } from "./pipeline.ts"
import {
  type FunctionDefinition,
  fieldKey,
  type ResolverDefinition,
  readDataSource,
  readFunction,
  readResolver,
  type StepDefinition,
} from "./resolverDefinitions.ts"
import type { CompiledCode } from "./runtime/compileCode.ts"
import { createStepBatches } from "./stepBatches.ts"
import { compileTemplates, templateProblem } from "./templates/mappingTemplates.ts"

type Resolver =
  | { kind: "unit"; step: Step; batchSize: number }
  | { kind: "pipeline"; pipeline: Pipeline }
  | { kind: "refused"; reason: string }

const functionsMax = 10

/**
 * Makes the resolvers of one API. Every module is checked first: what AWS would refuse throws. Throws also when a name leads
 * nowhere or a data source lacks its configuration. Templates that it cannot read and foreign data sources are warned of; their fields fail.
 */
export function createResolvers(host: Host, definitions: ResolverDefinitions): Resolvers {
  const environment = JSON.stringify(definitions.environmentVariables)
  const invokeTogether = createStepBatches()
  const functions = definitions.functions.map(readFunction)
  const defined = definitions.resolvers.map(readResolver)
  const parts: Parts = {
    sources: new Map(definitions.dataSources.map(one => [one.name, createDataSource(host, readDataSource(one))])),
    functions: new Map(functions.map(one => [one.id, one])),
    codeOf: compileModules(host, [...functions, ...defined]),
  }
  const resolvers = new Map(defined.map(one => [one.field, build(host, one, parts)]))
  const find = (parentType: string, fieldName: string) => resolvers.get(fieldKey(parentType, fieldName))

  const run = async (call: FieldCall): Promise<FieldResult> => {
    const resolver = find(call.parentType, call.fieldName)
    if (resolver === undefined) throw new Error(`There is no resolver for ${call.parentType}.${call.fieldName}.`)
    const fieldRun = startRun(host, call, environment, invokeTogether)
    if (resolver.kind === "unit") return runUnit(fieldRun, resolver.step)
    if (resolver.kind === "pipeline") return runPipeline(fieldRun, resolver.pipeline)
    return fieldRun.fail(new Failed({ message: resolver.reason, errorType: "MappingTemplate" }))
  }

  const runBatch = async (calls: readonly FieldCall[]): Promise<readonly FieldResult[]> => {
    const [first] = calls
    if (first === undefined) return []
    const resolver = find(first.parentType, first.fieldName)
    if (resolver?.kind !== "unit" || resolver.step.source.invokeBatch === undefined) return Promise.all(calls.map(run))
    const { step } = resolver
    const runs = calls.map(call => startRun(host, call, environment, invokeTogether))
    return runUnits(runs, step, async requests => {
      const answer = step.source.invokeBatch?.(requests, { resolverId: step.id, field: first })
      return answer === undefined ? [] : withinDeadline(host, first, answer)
    })
  }

  return {
    has: (parentType, fieldName) => find(parentType, fieldName) !== undefined,
    run,
    runBatch,
    batchSize: (parentType, fieldName) => {
      const resolver = find(parentType, fieldName)
      return resolver?.kind === "unit" && resolver.step.source.invokeBatch !== undefined ? resolver.batchSize : 0
    },
  }
}

interface Parts {
  readonly sources: ReadonlyMap<string, DataSource>
  readonly functions: ReadonlyMap<string, FunctionDefinition>
  codeOf(code: string | undefined): CompiledCode | undefined
}

function build(host: Host, resolver: ResolverDefinition, parts: Parts): Resolver {
  const steps = (resolver.functions ?? []).map(id => {
    const found = parts.functions.get(id)
    if (found === undefined) throw new Error(`${resolver.title} names the function ${id}, which does not exist.`)
    return found
  })
  const [reason] = [resolver, ...steps].flatMap(step => problemOf(step) ?? [])
  if (reason !== undefined) {
    host.log.warn("appsync", reason)
    return { kind: "refused", reason }
  }
  if (resolver.functions === undefined) {
    return { kind: "unit", step: stepOf(resolver.field, resolver, parts), batchSize: resolver.maxBatchSize }
  }
  if (steps.length > functionsMax) {
    throw new Error(`${resolver.title} has ${steps.length} functions; AppSync takes at most ${functionsMax}.`)
  }
  const code = compiledOf(resolver, parts) ?? {}
  return {
    kind: "pipeline",
    pipeline: { code, steps: steps.map(one => stepOf(`${resolver.field}/${one.id}`, one, parts)) },
  }
}

function problemOf({ title, templates, usesTemplateFile }: StepDefinition): string | undefined {
  if (templates !== undefined) return templateProblem(title, templates)
  if (!usesTemplateFile) return undefined
  return `${title} has its mapping templates in a bucket, where this host does not read them: give them in the template, or write it in APPSYNC_JS.`
}

const compiledOf = ({ code, templates }: StepDefinition, parts: Parts): CompiledCode | undefined =>
  templates === undefined ? parts.codeOf(code) : compileTemplates(templates)

function stepOf(id: string, definition: StepDefinition, parts: Parts): Step {
  const { title, dataSourceName = "", maxBatchSize: batchSize } = definition
  const source = parts.sources.get(dataSourceName)
  if (source === undefined) throw new Error(`${title} names the data source "${dataSourceName}", which does not exist.`)
  const compiled = compiledOf(definition, parts)
  if (compiled !== undefined) return { id, source, batchSize, code: compiled }
  if (source.type === "AWS_LAMBDA") return { id, source, batchSize }
  throw new Error(`${title} has no code: only a Lambda data source can do without, ${source.name} is ${source.type}.`)
}
