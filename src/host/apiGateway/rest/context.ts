import type { Host, JsonObject } from "../../host.ts"
import { headerOf, type RoutedRequest } from "./request.ts"

const unknown = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  user: null,
}

/** `requestContext` of functions and authorizers, `$context` of templates. */
export function requestContext(host: Host, request: RoutedRequest): JsonObject {
  const { api, stageName, stage, method, path, resource, requestId, at, domainName, authorizer } = request
  return {
    resourceId: resource.id,
    ...(authorizer !== undefined && { authorizer }),
    resourcePath: resource.path,
    httpMethod: method,
    extendedRequestId: extendedId(requestId),
    requestTime: accessTime(at),
    path: `/${stageName}${path}`,
    accountId: host.accountId,
    protocol: "HTTP/1.1",
    stage: stageName,
    domainPrefix: domainName.split(".", 1)[0] ?? "",
    requestTimeEpoch: at,
    requestId,
    identity: {
      ...unknown,
      sourceIp: request.sourceIp,
      userAgent: headerOf(request, "User-Agent") ?? null,
      ...request.identity,
    },
    domainName,
    deploymentId: stage.deploymentId,
    apiId: api.id,
  }
}

/** What `x-amz-apigw-id` carries. */
export const extendedId = (requestId: string): string =>
  `${Buffer.from(requestId.replaceAll("-", ""), "hex").toString("base64url").slice(0, 15)}=`

/** `21/Nov/2026:14:00:00 +0000` */
function accessTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`: of a request, or of a resource's path. */
export function methodArn(host: Host, { api, stageName, method }: RoutedRequest, path: string): string {
  return `arn:aws:execute-api:${host.region}:${host.accountId}:${api.id}/${stageName}/${method}${path}`
}
