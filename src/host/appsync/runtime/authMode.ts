import type { Json } from "../../host.ts"
import type { AuthMode } from "../contract.ts"
import { isRecord } from "./run.ts"

/** The members of an identity by the mode that makes it; those that must be there and not null come first. */
const shapes: readonly { mode: AuthMode; required: readonly string[]; optional: readonly string[] }[] = [
  {
    mode: "AWS_IAM",
    required: ["accountId", "sourceIp", "username", "userArn"],
    optional: ["cognitoIdentityPoolId", "cognitoIdentityId", "cognitoIdentityAuthType", "cognitoIdentityAuthProvider"],
  },
  {
    mode: "AMAZON_COGNITO_USER_POOLS",
    required: ["sourceIp", "username", "sub", "issuer", "claims", "defaultAuthStrategy"],
    optional: ["groups"],
  },
  { mode: "OPENID_CONNECT", required: ["sub", "issuer", "claims"], optional: [] },
  { mode: "AWS_LAMBDA", required: [], optional: ["resolverContext"] },
]

/** How EvaluateCode tells the mode of a request: by the members of the identity alone; what fits no mode is an API key. */
export function authModeOf(identity: Json | undefined): AuthMode {
  if (!isRecord(identity)) return "API_KEY"
  const members = Object.keys(identity)
  const shape = shapes.find(
    ({ required, optional }) =>
      required.every(name => identity[name] !== undefined && identity[name] !== null) &&
      members.every(name => required.includes(name) || optional.includes(name)),
  )
  return shape?.mode ?? "API_KEY"
}
