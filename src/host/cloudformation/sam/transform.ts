import type { Json, JsonObject } from "../../host.ts"
import { objectOf, textOf } from "../../json.ts"
import { expandConnector } from "./connector.ts"
import { type Expansion, implicitHttpApiId, implicitRestApiId } from "./expansion.ts"
import { expandFunction } from "./function.ts"
import { expandGraphQLApi } from "./graphqlApi.ts"
import { expandHttpApi } from "./httpApi.ts"
import { withMade } from "./references.ts"
import { expandRestApi } from "./restApi.ts"
import type { RestRoute } from "./restRoute.ts"
import { expandStateMachine } from "./stateMachine.ts"
import { expandLayer, expandTable } from "./tableAndLayer.ts"

/** What a template of the Serverless Application Model names as its transform. */
export const serverlessTransform = "AWS::Serverless-2016-10-31"

const expanders: Record<string, (expansion: Expansion) => void> = {
  Api: expandRestApi,
  Connector: expandConnector,
  Function: expandFunction,
  GraphQLApi: expandGraphQLApi,
  HttpApi: expandHttpApi,
  SimpleTable: expandTable,
  LayerVersion: expandLayer,
  StateMachine: expandStateMachine,
}

/**
 * The template with its serverless resources replaced by those of CloudFormation that AWS's transform makes, under the same logical
 * ids. A serverless type that is not known here stays, to be named as not supported.
 */
export function expandServerless(template: JsonObject): JsonObject {
  const globals = objectOf(template.Globals)
  const declared = structuredClone(objectOf(template.Resources))
  const made: Record<string, JsonObject> = {}
  const madeBy = new Map<string, string>()
  const restRoutes = new Map<string, RestRoute[]>()
  const plannedStages = new Map<string, JsonObject[]>()
  let usesImplicitApi = false

  const expand = (logicalId: string, declaration: JsonObject): void => {
    const kind = textOf(declaration.Type)?.match(/^AWS::Serverless::(\w+)$/)?.[1] ?? ""
    const expander = expanders[kind]
    if (expander === undefined) {
      made[logicalId] = declaration
      return
    }
    const { Type: _, Properties: own, Metadata, ...attributes } = declaration
    const properties = objectOf(over(globals[kind] ?? {}, own ?? {}))
    expander({
      logicalId,
      properties,
      add: (id, type, made_) => {
        const kept =
          id === logicalId ? { ...attributes, ...(Metadata !== undefined && { Metadata }) } : conditionOf(attributes)
        made[id] = { Type: type, Properties: made_, ...kept }
      },
      makes: (name, id) => {
        madeBy.set(`${logicalId}.${name}`, id)
      },
      referred: reference => {
        const resource = declared[String(objectOf(reference ?? null).Ref)]
        return resource === undefined ? undefined : propertiesOf(objectOf(resource))
      },
      typeOf: id => textOf(objectOf(declared[id] ?? null).Type),
      implicitHttpApi: () => {
        usesImplicitApi = true
        return objectOf(globals.HttpApi)
      },
      addRestRoute: (apiId, route) => {
        restRoutes.set(apiId, [...(restRoutes.get(apiId) ?? []), { ...route, ...conditionAs(attributes) }])
      },
      restRoutes: () => restRoutes.get(logicalId) ?? [],
      planned: (owner, stage) => {
        const stages = [...(plannedStages.get(owner) ?? []), stage]
        plannedStages.set(owner, stages)
        return stages
      },
    })
  }

  // REST APIs come last: the events of functions are in their definitions.
  const isRestApi = (value: Json) => objectOf(value).Type === restApiType
  const ordered = Object.entries(declared).sort(
    ([, one], [, other]) => Number(isRestApi(one)) - Number(isRestApi(other)),
  )
  for (const [logicalId, value] of ordered) {
    const declaration = objectOf(value)
    const connectors = objectOf(declaration.Connectors ?? null)
    delete declaration.Connectors
    expand(logicalId, declaration)
    for (const [name, connector] of Object.entries(connectors)) {
      const Properties = { Source: { Id: logicalId }, ...objectOf(objectOf(connector).Properties) }
      const embedded = { Type: "AWS::Serverless::Connector", Properties, ...conditionOf(declaration) }
      expand(`${logicalId}${name}`, embedded)
    }
  }
  if (usesImplicitApi) expand(implicitHttpApiId, { Type: "AWS::Serverless::HttpApi", Properties: {} })
  if (restRoutes.has(implicitRestApiId) && declared[implicitRestApiId] === undefined)
    expand(implicitRestApiId, { Type: restApiType, Properties: { StageName: "Prod" } })
  return {
    ...template,
    Resources: withMade(made, madeBy),
    ...(template.Outputs !== undefined && { Outputs: withMade(template.Outputs, madeBy) }),
  }
}

const restApiType = "AWS::Serverless::Api"

const conditionAs = ({ Condition }: JsonObject): { condition?: Json } =>
  Condition === undefined ? {} : { condition: Condition }

const conditionOf = ({ Condition }: JsonObject): JsonObject => (Condition === undefined ? {} : { Condition })

function propertiesOf(resource: JsonObject): JsonObject {
  const properties = objectOf(resource.Properties)
  resource.Properties = properties
  return properties
}

/** A resource's own value over the global one: maps are merged, lists follow each other. */
function over(base: Json, own: Json): Json {
  if (Array.isArray(base) && Array.isArray(own)) return [...base, ...own]
  if (!isMap(base) || !isMap(own)) return own
  const merged: JsonObject = { ...base }
  for (const [name, value] of Object.entries(own)) {
    const shared = base[name]
    merged[name] = shared === undefined ? value : over(shared, value)
  }
  return merged
}

/** An object that is no call of an intrinsic function. */
const isMap = (value: Json): value is JsonObject =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !Object.keys(value).some(name => name === "Ref" || name.startsWith("Fn::"))
