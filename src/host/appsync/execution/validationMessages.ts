import { type DocumentNode, GraphQLError, type GraphQLSchema } from "graphql"
import { type ArgumentError, argumentError, argumentMessage, perArgument } from "./argumentErrors.ts"
import { placeOf } from "./documentPlace.ts"
import { locationsOf, type ResponseError } from "./responseErrors.ts"

interface Rule {
  readonly pattern: RegExp
  readonly kind: string
  message(groups: readonly string[]): string
}

const rule = (pattern: RegExp, kind: string, message: Rule["message"]): Rule => ({ pattern, kind, message })

/** graphql-js's sentence → graphql-java's, which AppSync shows. Groups are the pattern's, from 0. */
const rules: readonly Rule[] = [
  rule(
    /^Cannot query field "(.+?)" on type "(.+?)"/,
    "FieldUndefined",
    ([field, type]) => `Field '${field}' in type '${type}' is undefined`,
  ),
  rule(/^Unknown argument "(.+?)" on field/, "UnknownArgument", ([name]) => `Unknown field argument ${name}`),
  rule(/^Unknown argument "(.+?)" on directive/, "UnknownDirective", ([name]) => `Unknown directive argument ${name}`),
  rule(
    /^Field "(.+?)" argument "(.+?)" of type ".+?" is required, but it was not provided/,
    "MissingFieldArgument",
    ([, argument]) => `Missing field argument ${argument}`,
  ),
  rule(
    /^Directive "@(.+?)" argument "(.+?)" of type ".+?" is required/,
    "MissingDirectiveArgument",
    ([, argument]) => `Missing directive argument ${argument}`,
  ),
  rule(
    /^Field "(.+?)" of type "(.+?)" must have a selection of subfields/,
    "SubSelectionRequired",
    ([field, type]) => `Sub selection required for type ${javaName(type)} of field ${field}`,
  ),
  rule(
    /^Field "(.+?)" must not have a selection since type "(.+?)" has no subfields/,
    "SubSelectionNotAllowed",
    ([field, type]) => `Sub selection not allowed on leaf type ${javaName(type)} of field ${field}`,
  ),
  rule(/^Unknown type "(.+?)"/, "UnknownType", ([type]) => `Unknown type ${type}`),
  rule(/^Unknown fragment "(.+?)"/, "UndefinedFragment", ([name]) => `Undefined fragment ${name}`),
  rule(/^Fragment "(.+?)" is never used/, "UnusedFragment", ([name]) => `Unused fragment ${name}`),
  rule(/^Cannot spread fragment/, "FragmentCycle", () => "Fragment cycles not allowed"),
  rule(
    /^Fragment (?:".+?" )?cannot be spread here as objects of type "(.+?)" can never be of type "(.+?)"/,
    "InvalidFragmentType",
    ([parent, type]) => `Fragment cannot be spread here as objects of type ${parent} can never be of type ${type}`,
  ),
  rule(
    /^Fragment "(.+?)" cannot condition on non composite type/,
    "FragmentTypeConditionInvalid",
    () => "Fragment type condition is invalid, must be on Object/Interface/Union",
  ),
  rule(
    /^Fragment cannot condition on non composite type/,
    "InlineFragmentTypeConditionInvalid",
    () => "Inline fragment type condition is invalid, must be on Object/Interface/Union",
  ),
  rule(/^Variable "\$(.+?)" is not defined/, "UndefinedVariable", ([name]) => `Undefined variable ${name}`),
  rule(/^Variable "\$(.+?)" is never used/, "UnusedVariable", ([name]) => `Unused variable ${name}`),
  rule(
    /^Variable "\$(.+?)" of type "(.+?)" used in position expecting type "(.+?)"/,
    "VariableTypeMismatch",
    ([, type, expected]) => `Variable type '${type}' doesn't match expected type '${expected}'`,
  ),
  rule(
    /^Variable "\$(.+?)" cannot be non-input type "(.+?)"/,
    "NonInputTypeOnVariable",
    ([name, type]) => `Input variable ${name} type ${type} is not an input type`,
  ),
  rule(/^Unknown directive "@(.+?)"/, "UnknownDirective", ([name]) => `Unknown directive ${name}`),
  rule(
    /^Directive "@(.+?)" may not be used on/,
    "MisplacedDirective",
    ([name]) => `Directive ${name} not allowed here`,
  ),
  rule(
    /^Fields "(.+?)" conflict because "(.+?)" and "(.+?)" are different fields/,
    "FieldsConflict",
    ([key, one, other]) => `${key}: ${one} and ${other} are different fields`,
  ),
  rule(
    /^Fields "(.+?)" conflict because they have differing arguments/,
    "FieldsConflict",
    ([key]) => `${key}: they have differing arguments`,
  ),
  rule(
    /^Fields "(.+?)" conflict because they return conflicting types "(.+?)" and "(.+?)"/,
    "FieldsConflict",
    ([key, one = "", other = ""]) => `${key}: ${differenceOf(one, other)}`,
  ),
  rule(
    /^This anonymous operation must be the only defined operation/,
    "LoneAnonymousOperationViolation",
    () => "Anonymous operation with other operations.",
  ),
  rule(
    /^There can be only one operation named "(.+?)"/,
    "DuplicateOperationName",
    ([name]) => `There can be only one operation named '${name}'`,
  ),
  rule(
    /^There can be only one fragment named "(.+?)"/,
    "DuplicateFragmentName",
    ([name]) => `There can be only one fragment named '${name}'`,
  ),
  rule(
    /^There can be only one argument named "(.+?)"/,
    "DuplicateArgumentNames",
    ([name]) => `There can be only one argument named '${name}'`,
  ),
  rule(
    /^There can be only one variable named "\$(.+?)"/,
    "DuplicateVariableName",
    ([name]) => `There can be only one variable named '${name}'`,
  ),
]

/** graphql-js rules whose sentences AppSync's form is not known for; they keep graphql-js's text. */
export const unmappedRules = [
  "ExecutableDefinitionsRule",
  "SingleFieldSubscriptionsRule",
  "UniqueDirectivesPerLocationRule",
  "UniqueInputFieldNamesRule",
  "NoSchemaIntrospectionCustomRule",
] as const

/** The errors of a document in AppSync's words: `Validation error of type <kind>: <sentence> @ '<path>'`. */
export function validationErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  errors: readonly GraphQLError[],
): ResponseError[] {
  const read = errors.map(error => argumentError(schema, document, error) ?? error)
  const first = new Map(perArgument(read.filter(isOfArgument)).map(error => [error.argument, error]))
  return read.flatMap(error => {
    if (!isOfArgument(error))
      return [{ path: null, locations: locationsOf(error.locations), message: validationMessage(document, error) }]
    const told = first.get(error.argument)
    first.delete(error.argument)
    return told === undefined ? [] : [argumentMessage(told)]
  })
}

const isOfArgument = (error: ArgumentError | GraphQLError): error is ArgumentError => !(error instanceof GraphQLError)

function validationMessage(document: DocumentNode, error: GraphQLError): string {
  for (const { pattern, kind, message } of rules) {
    const found = pattern.exec(error.message)
    if (found === null) continue
    const place = (error.nodes ?? []).map(node => placeOf(document, node).path).find(one => one.length > 0) ?? []
    // Fields conflict in the selection that holds them.
    const path = kind === "FieldsConflict" ? place.slice(0, -1) : place
    const suffix = path.length === 0 ? "" : ` @ '${path.join("/")}'`
    return `Validation error of type ${kind}: ${message(found.slice(1))}${suffix}`
  }
  return error.message
}

/** What graphql-java finds first: one is required, one is a list, or the types have other names. */
function differenceOf(one: string, other: string): string {
  if (one.endsWith("!") !== other.endsWith("!")) return "fields have different nullability shapes"
  if (one.endsWith("!")) return differenceOf(one.slice(0, -1), other.slice(0, -1))
  if (one.startsWith("[") !== other.startsWith("[")) return "fields have different list shapes"
  if (one.startsWith("[")) return differenceOf(one.slice(1, -1), other.slice(1, -1))
  return `they return differing types ${one} and ${other}`
}

/** graphql-java names lists and required types `null` there. */
const javaName = (type = ""): string => (/[[!]/.test(type) ? "null" : type)
