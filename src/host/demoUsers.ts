import { randomUUID } from "node:crypto"
import { AwsError, type Host, type JsonObject, type Service } from "./host.ts"

export interface DemoUser {
  readonly email: string
  readonly password: string
  readonly groups: readonly string[]
}

/**
 * Makes confirmed users with a verified address in a user pool, through the pool's own administration calls; existing ones stay. One
 * that the pool refuses, for a required attribute or its password, is named in the log. Returns those that there are.
 */
export async function createDemoUsers(
  host: Host,
  cognito: Service,
  userPoolId: string,
  users: readonly DemoUser[],
): Promise<readonly DemoUser[]> {
  const made: DemoUser[] = []
  for (const user of users) {
    try {
      await createDemoUser(host, cognito, userPoolId, user)
      made.push(user)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      const reason = error.message.trim().replaceAll("\n", ", ")
      host.log.warn("cognito", `the demo user ${user.email} was not made in ${userPoolId}: ${reason}`)
    }
  }
  return made
}

async function createDemoUser(
  host: Host,
  cognito: Service,
  userPoolId: string,
  { email, password, groups }: DemoUser,
): Promise<void> {
  const isNew = await attempt(host, cognito, "UsernameExistsException", "AdminCreateUser", {
    UserPoolId: userPoolId,
    Username: email,
    MessageAction: "SUPPRESS",
    UserAttributes: [
      { Name: "email", Value: email },
      { Name: "email_verified", Value: "true" },
    ],
  })
  if (!isNew) return
  const user = { UserPoolId: userPoolId, Username: email }
  await call(host, cognito, "AdminSetUserPassword", { ...user, Password: password, Permanent: true })
  for (const GroupName of groups) {
    await attempt(host, cognito, "GroupExistsException", "CreateGroup", { UserPoolId: userPoolId, GroupName })
    await call(host, cognito, "AdminAddUserToGroup", { ...user, GroupName })
  }
}

async function attempt(host: Host, cognito: Service, expected: string, operation: string, input: JsonObject) {
  try {
    await call(host, cognito, operation, input)
    return true
  } catch (error) {
    if (error instanceof AwsError && error.code === expected) return false
    throw error
  }
}

async function call(host: Host, cognito: Service, operation: string, input: JsonObject): Promise<void> {
  await cognito.handle?.({
    service: "cognito-idp",
    operation,
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify(input)),
    principal: { kind: "root", arn: `arn:aws:iam::${host.accountId}:root` },
    requestId: randomUUID(),
  })
}
