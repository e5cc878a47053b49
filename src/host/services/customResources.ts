import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { text as readText } from "node:stream/consumers"
import { stableUuid } from "../cloudformation/names.ts"
import type { CreatedResource, Host, Json, JsonObject, ResourceRequest, Service } from "../host.ts"
import { objectOf, textOf } from "../json.ts"

/** What a provider answered for a custom resource, and what it was asked with. */
type Made = { physicalId: string; data: JsonObject; properties: JsonObject }

const path = "/cloudformation-custom-resource-response/"
const answerSecondsUsual = 60

/**
 * Custom resources whose `ServiceToken` is a function: it gets CloudFormation's event and answers at the ResponseURL. As on AWS it
 * is asked again only when the properties change (`Update`); nothing is deleted here. Throws an Error with the provider's reason.
 */
export function createCustomResources(host: Host): Service {
  const made = host.durable<Made>("cloudformation.customResources")
  const waiting = new Map<string, (answer: JsonObject) => void>()
  const responseHost = `cloudformation-custom-resource-response.${host.region}.amazonaws.com`

  const ask = async (functionArn: string, event: JsonObject, seconds: number): Promise<JsonObject> => {
    const id = randomUUID()
    const answered = new Promise<JsonObject>(resolve => waiting.set(id, resolve))
    const payload = { ...event, ResponseURL: `https://${responseHost}${path}${id}` }
    const failed = host.lambda.invoke(functionArn, payload, { principal: rootOf(host) }).then(result => {
      if (result.functionError !== undefined) throw new Error(String(objectOf(result.payload).errorMessage))
      return answered
    })
    try {
      return await Promise.race([answered, failed, lateAnswer(host, seconds)])
    } finally {
      waiting.delete(id)
    }
  }

  const create = async (resource: ResourceRequest): Promise<CreatedResource> => {
    const key = `${resource.stackName}/${resource.logicalId}`
    const before = made.get(key)
    if (before !== undefined && JSON.stringify(before.properties) === JSON.stringify(resource.properties))
      return created(before)
    const answer = await ask(functionOf(resource), eventOf(host, resource, before), answerSecondsOf(resource))
    if (answer.Status !== "SUCCESS") throw new Error(`the provider answered ${answer.Status}: ${answer.Reason ?? ""}`)
    const physicalId = textOf(answer.PhysicalResourceId)
    if (physicalId === undefined || physicalId === "") throw new Error("the provider answered no PhysicalResourceId")
    const now = { physicalId, data: objectOf(answer.Data), properties: resource.properties }
    made.set(key, now)
    return created(now)
  }

  return {
    name: "customResources",
    signingNames: [],
    resources: { "AWS::CloudFormation::CustomResource": { create, honours: ["*"] } },
    http: async (request, response, url) => {
      if (request.method !== "PUT" || !url.pathname.startsWith(path)) return false
      await takeAnswer(request, response, waiting.get(url.pathname.slice(path.length)))
      return true
    },
  }
}

async function takeAnswer(request: IncomingMessage, response: ServerResponse, take?: (answer: JsonObject) => void) {
  const body = await readText(request)
  response.writeHead(take === undefined ? 403 : 200).end()
  take?.(objectOf(JSON.parse(body)))
}

const created = ({ physicalId, data }: Made): CreatedResource => ({ ref: physicalId, attributes: data })

const rootOf = (host: Host) => ({ kind: "root", arn: `arn:aws:iam::${host.accountId}:root` }) as const

const lateAnswer = async (host: Host, seconds: number): Promise<never> => {
  await host.clock.sleep(seconds * 1_000)
  throw new Error(`the provider did not answer at the ResponseURL within ${seconds} s`)
}

/** AWS waits an hour when the resource does not say; on a laptop somebody sits before it. */
const answerSecondsOf = ({ properties }: ResourceRequest): number =>
  Number(properties.ServiceTimeout) > 0 ? Number(properties.ServiceTimeout) : answerSecondsUsual

function functionOf({ properties }: ResourceRequest): string {
  const token = String(properties.ServiceToken)
  if (!token.includes(":lambda:")) throw new Error(`its ServiceToken ${token} is no Lambda function`)
  return token
}

function eventOf(host: Host, { stackName, logicalId, type, properties }: ResourceRequest, before?: Made): JsonObject {
  return {
    RequestType: before === undefined ? "Create" : "Update",
    ServiceToken: properties.ServiceToken ?? "",
    StackId: `arn:aws:cloudformation:${host.region}:${host.accountId}:stack/${stackName}/${stableUuid(stackName)}`,
    RequestId: randomUUID(),
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: asText(asked(properties)),
    ...(before !== undefined && {
      PhysicalResourceId: before.physicalId,
      OldResourceProperties: asText(before.properties),
    }),
  }
}

/** CDK's `AwsCustomResource` would install the newest SDK by npm first; it has that of this host. */
const asked = (properties: JsonObject): JsonObject =>
  "InstallLatestAwsSdk" in properties ? { ...properties, InstallLatestAwsSdk: false } : properties

/** CloudFormation gives a provider every number and boolean as text. */
function asText(value: Json): Json {
  if (Array.isArray(value)) return value.map(asText)
  if (typeof value !== "object" || value === null) return String(value)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asText(member)]))
}
