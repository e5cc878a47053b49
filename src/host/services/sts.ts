import { queryOperations } from "../endpoint/operations.ts"
import { AwsError, type Host, type Service } from "../host.ts"

const sessionMs = 3_600_000

/** Who am I, and credentials of roles. Any caller with `sts:AssumeRole` may take any role: trust policies are not evaluated. */
export function createStsService(host: Host): Service {
  return {
    name: "sts",
    signingNames: ["sts"],
    handle: queryOperations("https://sts.amazonaws.com/doc/2011-06-15/", {
      GetCallerIdentity: (_, { principal }) => {
        if (principal.kind === "anonymous")
          throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
        return { Arn: principal.arn, UserId: principal.arn, Account: host.accountId }
      },

      AssumeRole: (input, { principal }) => {
        const roleArn = input.get("RoleArn") ?? ""
        const sessionName = input.get("RoleSessionName") ?? ""
        if (!/^arn:aws:iam::\d{12}:role\/.+/.test(roleArn) || sessionName === "")
          throw new AwsError("ValidationError", "RoleArn and RoleSessionName are needed")
        host.iam.authorize(principal, "sts:AssumeRole", roleArn)
        const { accessKeyId, secretAccessKey, sessionToken } = host.iam.credentialsFor(roleArn, sessionName)
        const name = roleArn.slice(roleArn.lastIndexOf("/") + 1)
        return {
          Credentials: {
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            SessionToken: sessionToken,
            Expiration: new Date(host.clock.now() + sessionMs).toISOString(),
          },
          AssumedRoleUser: {
            AssumedRoleId: `AROA${name}:${sessionName}`,
            Arn: `arn:aws:sts::${host.accountId}:assumed-role/${name}/${sessionName}`,
          },
        }
      },
    }),
  }
}
