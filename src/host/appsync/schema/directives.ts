import type { ConstDirectiveNode } from "graphql"
import type { AuthMode } from "../contract.ts"

/** SDL of the directives that AppSync knows; any other directive of a schema is refused. */
export const directiveDefinitions = `
directive @aws_api_key on FIELD_DEFINITION | OBJECT | INPUT_OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT | INPUT_OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT | INPUT_OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT | INPUT_OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String]) on FIELD_DEFINITION | OBJECT | INPUT_OBJECT
directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION
directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION
directive @canonical on OBJECT | FIELD_DEFINITION | INTERFACE | UNION | INPUT_OBJECT | ENUM
directive @hidden on OBJECT | FIELD_DEFINITION | INTERFACE | UNION | INPUT_OBJECT | ENUM
directive @renamed(to: String!) on OBJECT | FIELD_DEFINITION | INTERFACE | UNION | INPUT_OBJECT | ENUM
`

/** One way in: a mode, and for Cognito the groups of which the caller must be in one (none = any user). */
export interface Admission {
  readonly mode: AuthMode
  readonly groups?: readonly string[]
}

const modeOfDirective: Readonly<Record<string, AuthMode>> = {
  aws_api_key: "API_KEY",
  aws_iam: "AWS_IAM",
  aws_oidc: "OPENID_CONNECT",
  aws_lambda: "AWS_LAMBDA",
  aws_cognito_user_pools: "AMAZON_COGNITO_USER_POOLS",
}

/** The admissions that the authorization directives of a type or field grant; empty when it has none. */
export const admissions = (directives: readonly ConstDirectiveNode[] = []): Admission[] =>
  directives.flatMap(directive => {
    const mode = modeOfDirective[directive.name.value]
    if (mode === undefined) return []
    const groups = stringList(directive, "cognito_groups")
    return groups === undefined ? [{ mode }] : [{ mode, groups }]
  })

/** The groups of `@aws_auth`, or undefined when the field does not carry it. */
export const awsAuthGroups = (directives: readonly ConstDirectiveNode[] = []): readonly string[] | undefined => {
  const directive = directives.find(one => one.name.value === "aws_auth")
  return directive && (stringList(directive, "cognito_groups") ?? [])
}

/** The mutations of `@aws_subscribe`. */
export const subscribedMutations = (directives: readonly ConstDirectiveNode[] = []): readonly string[] => {
  const directive = directives.find(one => one.name.value === "aws_subscribe")
  return (directive && stringList(directive, "mutations")) ?? []
}

function stringList(directive: ConstDirectiveNode, argument: string): string[] | undefined {
  const value = directive.arguments?.find(one => one.name.value === argument)?.value
  if (value?.kind === "StringValue") return [value.value]
  if (value?.kind !== "ListValue") return undefined
  return value.values.flatMap(one => (one.kind === "StringValue" ? [one.value] : []))
}
