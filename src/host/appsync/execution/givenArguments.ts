import { type GraphQLResolveInfo, isNonNullType } from "graphql"
import type { JsonObject } from "../../host.ts"

/**
 * The arguments that a resolver and the filter of a subscription see: one that stands in the document with a variable which the
 * request leaves out is null, even when it has a default, where graphql-js leaves it out [aws-appsync-community#94, #348, #394].
 */
export function givenArguments(args: JsonObject, info: GraphQLResolveInfo): JsonObject {
  const unset = (info.fieldNodes[0]?.arguments ?? []).flatMap(({ name, value }) =>
    value.kind === "Variable" && !(value.name.value in info.variableValues) ? name.value : [],
  )
  if (unset.length === 0) return args
  const required = info.parentType.getFields()[info.fieldName]?.args.filter(({ type }) => isNonNullType(type)) ?? []
  const nullable = unset.filter(name => required.every(argument => argument.name !== name))
  return { ...args, ...Object.fromEntries(nullable.map(name => [name, null])) }
}
