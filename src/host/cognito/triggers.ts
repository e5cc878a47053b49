import { AwsError, type Host, type Json, type JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"
import type { User, UserPool } from "./userPool.ts"

/** What a PreTokenGeneration function changes in the tokens. */
export interface ClaimChanges {
  readonly id: { readonly add: JsonObject; readonly suppress: readonly string[] }
  readonly access: { readonly add: JsonObject; readonly suppress: readonly string[] }
  readonly groups?: readonly string[]
}

type TriggerName =
  | "PreSignUp"
  | "PostConfirmation"
  | "PreAuthentication"
  | "PostAuthentication"
  | "CustomMessage"
  | "DefineAuthChallenge"
  | "CreateAuthChallenge"
  | "VerifyAuthChallengeResponse"

/** Who the trigger is about. */
export interface TriggerSubject {
  readonly pool: UserPool
  readonly user: Pick<User, "username" | "attributes">
  readonly clientId?: string
}

/** Runs a pool's Lambda trigger and gives its `response`; an empty one when there is no such trigger. Throws UserLambdaValidationException. */
export async function runTrigger(
  host: Host,
  name: TriggerName,
  source: string,
  subject: TriggerSubject,
  request: JsonObject = {},
  response: JsonObject = {},
): Promise<JsonObject> {
  const functionArn = subject.pool.properties.LambdaConfig?.[name]
  if (functionArn === undefined) return {}
  return invoke(host, functionArn, name, event(host, `${name}_${source}`, "1", subject, request, response))
}

/** Asks the PreTokenGeneration trigger, version 1 or 2, for changes to the tokens. */
export async function claimChanges(
  host: Host,
  source: string,
  subject: TriggerSubject,
  user: User,
): Promise<ClaimChanges> {
  const { PreTokenGenerationConfig: config, PreTokenGeneration: plain } = subject.pool.properties.LambdaConfig ?? {}
  const none = { add: {}, suppress: [] }
  const functionArn = config?.LambdaArn ?? plain
  if (functionArn === undefined) return { id: none, access: none }
  const version = (config?.LambdaVersion ?? "V1_0") === "V1_0" ? "1" : "2"
  const request = {
    groupConfiguration: { groupsToOverride: user.groups, iamRolesToOverride: [], preferredRole: null },
    ...(version === "2" && { scopes: ["aws.cognito.signin.user.admin"] }),
  }
  const details = version === "1" ? "claimsOverrideDetails" : "claimsAndScopeOverrideDetails"
  const asked = event(host, `TokenGeneration_${source}`, version, subject, request, { [details]: null })
  const answer = objectOf((await invoke(host, functionArn, "PreTokenGeneration", asked))[details])
  const groups = objectOf(answer.groupOverrideDetails).groupsToOverride
  return {
    id: changesOf(version === "1" ? answer : answer.idTokenGeneration),
    access: version === "1" ? none : changesOf(answer.accessTokenGeneration),
    ...(Array.isArray(groups) && { groups: groups.map(String) }),
  }
}

function changesOf(part: Json | undefined): ClaimChanges["id"] {
  const { claimsToAddOrOverride, claimsToSuppress } = objectOf(part)
  return {
    add: objectOf(claimsToAddOrOverride),
    suppress: Array.isArray(claimsToSuppress) ? claimsToSuppress.map(String) : [],
  }
}

function event(
  host: Host,
  triggerSource: string,
  version: string,
  { pool, user, clientId }: TriggerSubject,
  request: JsonObject,
  response: JsonObject,
): JsonObject {
  return {
    version,
    triggerSource,
    region: host.region,
    userPoolId: pool.id,
    userName: user.username,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: clientId ?? "CLIENT_ID_NOT_APPLICABLE" },
    request: { userAttributes: user.attributes, ...request },
    response,
  }
}

async function invoke(host: Host, functionArn: string, name: string, payload: JsonObject): Promise<JsonObject> {
  const sourceArn = `arn:aws:cognito-idp:${host.region}:${host.accountId}:userpool/${payload.userPoolId}`
  const by = { service: "cognito-idp.amazonaws.com", sourceArn }
  const result = await host.lambda.invoke(functionArn, payload, by)
  if (result.functionError !== undefined) {
    const { errorMessage } = objectOf(result.payload)
    throw new AwsError("UserLambdaValidationException", `${name} failed with error ${errorMessage}.`)
  }
  return objectOf(objectOf(result.payload).response)
}
