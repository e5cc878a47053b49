import { z } from "zod"
import { AwsError } from "../host.ts"
import type { Target } from "./rule.ts"

const parameters = z.array(z.object({ Key: z.string(), Value: z.string() })).default([])
const HttpParameters = z.object({
  HeaderParameters: parameters,
  QueryStringParameters: parameters,
  BodyParameters: parameters,
})
const AuthParameters = z.object({
  ApiKeyAuthParameters: z.object({ ApiKeyName: z.string(), ApiKeyValue: z.string() }).optional(),
  BasicAuthParameters: z.object({ Username: z.string(), Password: z.string() }).optional(),
  OAuthParameters: z
    .object({
      AuthorizationEndpoint: z.string(),
      HttpMethod: z.enum(["GET", "POST", "PUT"]),
      ClientParameters: z.object({ ClientID: z.string(), ClientSecret: z.string() }),
      OAuthHttpParameters: HttpParameters.optional(),
    })
    .optional(),
  InvocationHttpParameters: HttpParameters.optional(),
})

export const ConnectionProperties = z.object({
  Name: z.string().optional(),
  AuthorizationType: z.enum(["API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"]).optional(),
  AuthParameters,
})

/** What a connection adds to a call. */
export type Authorization = z.infer<typeof AuthParameters>

/** Headers, query and body members from the connection and the target; the target's win. */
export function parametersOf({ InvocationHttpParameters: own }: Authorization, { HttpParameters: ofTarget }: Target) {
  return {
    headers: { ...byKey(own?.HeaderParameters), ...ofTarget?.HeaderParameters },
    query: { ...byKey(own?.QueryStringParameters), ...ofTarget?.QueryStringParameters },
    bodyParameters: byKey(own?.BodyParameters),
  }
}

/** The header that proves who calls: a key, a name and password, or a fresh OAuth token of the client credentials. */
export async function authorizationHeaders(authorization: Authorization): Promise<Record<string, string>> {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, OAuthParameters: oauth } = authorization
  if (key !== undefined) return { [key.ApiKeyName]: key.ApiKeyValue }
  if (basic !== undefined)
    return { authorization: `Basic ${Buffer.from(`${basic.Username}:${basic.Password}`).toString("base64")}` }
  return oauth === undefined ? {} : { authorization: `Bearer ${await tokenOf(oauth)}` }
}

async function tokenOf(oauth: NonNullable<Authorization["OAuthParameters"]>): Promise<string> {
  const { AuthorizationEndpoint, HttpMethod, ClientParameters, OAuthHttpParameters: more } = oauth
  const url = new URL(AuthorizationEndpoint)
  for (const { Key, Value } of more?.QueryStringParameters ?? []) url.searchParams.append(Key, Value)
  const form = new URLSearchParams({
    client_id: ClientParameters.ClientID,
    client_secret: ClientParameters.ClientSecret,
    ...byKey(more?.BodyParameters),
  })
  const response = await fetch(url, {
    method: HttpMethod,
    headers: byKey(more?.HeaderParameters),
    ...(HttpMethod !== "GET" && { body: form }),
  })
  const { access_token } = z.object({ access_token: z.string().optional() }).parse(await response.json())
  if (access_token === undefined) throw new AwsError("AccessDeniedException", `${url.origin} gave no access token.`)
  return access_token
}

const byKey = (list: readonly { Key: string; Value: string }[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]))
