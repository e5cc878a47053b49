import type { Json, JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"
import type { DeployedResource } from "./deployedResource.ts"
import type { Gaps } from "./gaps.ts"
import { holds, type Scope } from "./intrinsics.ts"
import { standInAttribute } from "./standIns.ts"
import type { ParameterDeclaration, Template } from "./template.ts"

/** What a stack takes from its surroundings. */
export interface StackEnvironment {
  readonly region: string
  readonly accountId: string
  readonly exports: Map<string, Json>
  readonly gaps: Gaps
  stackArn(stackName: string): string
  /** Value of a dynamic reference `{{resolve:service:reference}}`; undefined when there is none. */
  dynamicValue(service: string, reference: string): string | undefined
}

/** The scope of a stack's intrinsic functions; it sees `resources` as they are created. Throws an Error when a parameter has no value. */
export function createScope(
  stackName: string,
  template: Template,
  given: JsonObject,
  resources: ReadonlyMap<string, DeployedResource>,
  environment: StackEnvironment,
): Scope {
  const { region, accountId } = environment
  const values = new Map<string, Json | undefined>([
    ["AWS::AccountId", accountId],
    ["AWS::Region", region],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
    ["AWS::StackName", stackName],
    ["AWS::StackId", environment.stackArn(stackName)],
    ["AWS::NotificationARNs", []],
    ["AWS::NoValue", undefined],
  ])
  for (const [name, declaration] of Object.entries(template.parameters))
    values.set(name, parameterValue(stackName, name, declaration, given[name], environment))

  const truths = new Map<string, boolean | "evaluating">()
  const resource = (logicalId: string) => {
    const found = resources.get(logicalId)
    if (found === undefined)
      throw new Error(`there is no parameter or resource ${logicalId} (or its condition is false)`)
    return found
  }

  const scope: Scope = {
    region,
    ref: name => (values.has(name) ? values.get(name) : resource(name).ref),

    attribute: (logicalId, name) => {
      const { type, ref, attributes } = resource(logicalId)
      const value = attributes?.[name] ?? valueAt(attributes ?? {}, name.split("."))
      if (value !== undefined) return value
      if (attributes !== undefined)
        environment.gaps.note(`${type}: attribute ${name} is a stand-in`, `${stackName}/${logicalId}`)
      return standInAttribute(type, ref, name, region, accountId)
    },

    condition: name => {
      const known = truths.get(name)
      if (known === "evaluating") throw new Error(`circular condition ${name}`)
      if (known !== undefined) return known
      const expression = template.conditions[name]
      if (expression === undefined) throw new Error(`there is no condition ${name}`)
      truths.set(name, "evaluating")
      const truth = holds(expression, scope)
      truths.set(name, truth)
      return truth
    },

    mapping: (map, first, second) => objectOf(objectOf(template.mappings[map])[first])[second],

    imported: name => {
      const value = environment.exports.get(name)
      if (value === undefined) throw new Error(`no stack exports ${name}`)
      return value
    },

    dynamic: text =>
      text.replace(/\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g, (whole, service, reference) => {
        const value = environment.dynamicValue(service, reference)
        if (value === undefined) environment.gaps.note(`${whole} has no value here`, stackName)
        return value ?? whole
      }),
  }
  return scope
}

function valueAt(attributes: JsonObject, path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => objectOf(at)[key], attributes)
}

function parameterValue(
  stackName: string,
  name: string,
  { type, default: fallback }: ParameterDeclaration,
  given: Json | undefined,
  environment: StackEnvironment,
): Json {
  const value = given ?? fallback
  if (value === undefined) throw new Error(`${stackName} needs the parameter ${name}: it has no default`)
  const isStored = type.startsWith("AWS::SSM::Parameter::Value")
  const found = isStored ? environment.dynamicValue("ssm", String(value)) : value
  // What `cdk bootstrap` stores is of use to a deployment alone.
  if (found === undefined && !String(value).startsWith("/cdk-bootstrap/"))
    environment.gaps.note(
      `the parameter store has no ${String(value)}, so its name is its value`,
      `${stackName}/${name}`,
    )
  const stored = found ?? value
  return /^(List<|CommaDelimitedList|AWS::SSM::Parameter::Value<(List<|CommaDelimitedList))/.test(type) &&
    !Array.isArray(stored)
    ? String(stored)
        .split(",")
        .map(item => item.trim())
    : stored
}
