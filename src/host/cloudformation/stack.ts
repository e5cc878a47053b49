import {
  type CreatedResource,
  type Json,
  type JsonObject,
  type ResourceProvider,
  type ResourceRequest,
  Unsupported,
} from "../host.ts"
import { objectOf } from "../json.ts"
import { creationOrder } from "./dependencies.ts"
import type { DeployedResource } from "./deployedResource.ts"
import type { DeployedStack, StackOutput } from "./deployedStack.ts"
import { type Gaps, unhonoured } from "./gaps.ts"
import { resolve } from "./intrinsics.ts"
import { physicalName } from "./names.ts"
import { createScope, type StackEnvironment } from "./scope.ts"
import { isCustom, isSilent, standIn } from "./standIns.ts"
import { readTemplate, type Template } from "./template.ts"

/** What every stack of a deployment shares. */
export interface Deployment extends StackEnvironment {
  readonly gaps: Gaps
  provider(type: string): ResourceProvider | undefined
  /** Path of the template behind a nested stack's TemplateURL. */
  templateAt(url: string): string
  created(resource: DeployedResource): void
  finished(stack: DeployedStack): void
}

/** Creates a stack's resources in dependency order and returns its outputs. Throws an Error that names stack and resource. */
export async function deployStack(
  stackName: string,
  template: Template,
  given: JsonObject,
  deployment: Deployment,
): Promise<Record<string, string>> {
  const resources = new Map<string, DeployedResource>()
  const scope = createScope(stackName, template, given, resources, deployment)
  const order = within(stackName, () => creationOrder(template.resources, scope.condition))

  for (const logicalId of order) {
    const declaration = template.resources[logicalId]
    if (declaration === undefined || !(declaration.condition === undefined || scope.condition(declaration.condition)))
      continue
    const { type, metadata } = declaration
    const place = `${stackName}/${logicalId} (${type})`
    const properties = within(place, () => objectOf(resolve(declaration.properties, scope)))
    const name = physicalName(stackName, logicalId)
    const request = { logicalId, stackName, type, properties, metadata, physicalName: name }
    try {
      const resource = { ...(await createResource(request, deployment)), stackName, logicalId, type }
      resources.set(logicalId, resource)
      deployment.created(resource)
    } catch (error) {
      throw located(place, error)
    }
  }

  const outputs: StackOutput[] = []
  for (const [name, { value, exportName, condition }] of Object.entries(template.outputs)) {
    if (condition !== undefined && !scope.condition(condition)) continue
    const output = within(`${stackName}/Outputs/${name}`, () => resolve(value, scope)) ?? ""
    const exported = exportName === undefined ? undefined : String(resolve(exportName, scope))
    outputs.push({ name, value: String(output), ...(exported !== undefined && { exportName: exported }) })
    if (exported !== undefined) deployment.exports.set(exported, output)
  }
  const parameters = Object.keys(template.parameters).map(name => [name, String(scope.ref(name) ?? "")])
  deployment.finished({
    name: stackName,
    arn: deployment.stackArn(stackName),
    parameters: Object.fromEntries(parameters),
    outputs,
  })
  return Object.fromEntries(outputs.map(({ name, value }) => [name, value]))
}

async function createResource(request: ResourceRequest, deployment: Deployment): Promise<CreatedResource> {
  const { type, stackName, logicalId, properties } = request
  if (type === "AWS::CloudFormation::Stack") return createNestedStack(request, deployment)
  if (isSilent(type)) return standIn(request, deployment)
  if (isCustom(type)) return createCustom(request, deployment)
  const provider = deployment.provider(type)
  if (provider === undefined) {
    deployment.gaps.note(`${type} is not supported, a stand-in takes its place`, `${stackName}/${logicalId}`)
    return standIn(request, deployment)
  }
  for (const path of unhonoured(properties, provider))
    deployment.gaps.note(`${type}: property ${path} has no effect here`, `${stackName}/${logicalId}`)
  try {
    return await provider.create(request)
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error
    deployment.gaps.note(`${type}: ${error.message}; a stand-in takes its place`, `${stackName}/${logicalId}`)
    return standIn(request, deployment)
  }
}

/**
 * A few of CDK's own custom resources the host makes itself; the others are made by their functions. One that cannot be made does
 * not keep the rest of the app from running.
 */
async function createCustom(request: ResourceRequest, deployment: Deployment): Promise<CreatedResource> {
  const { type, stackName, logicalId } = request
  const provider = deployment.provider(type) ?? deployment.provider("AWS::CloudFormation::CustomResource")
  try {
    if (provider === undefined) throw new Error("this host has no custom resources")
    return await provider.create(request)
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n")
    deployment.gaps.note(
      `custom resource ${type} failed, a stand-in takes its place: ${reason}`,
      `${stackName}/${logicalId}`,
    )
    return standIn(request, deployment)
  }
}

async function createNestedStack(request: ResourceRequest, deployment: Deployment): Promise<CreatedResource> {
  const { properties, physicalName: name } = request
  const template = await readTemplate(deployment.templateAt(String(properties.TemplateURL)))
  const outputs = await deployStack(name, template, objectOf(properties.Parameters), deployment)
  const attributes: Record<string, Json> = {}
  for (const [key, value] of Object.entries(outputs)) attributes[`Outputs.${key}`] = value
  return { ref: deployment.stackArn(name), attributes }
}

function within<T>(place: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw located(place, error)
  }
}

function located(place: string, error: unknown): Error {
  return new Error(`${place}: ${error instanceof Error ? error.message : error}`, { cause: error })
}
