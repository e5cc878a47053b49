import {
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getLocation,
  isInputObjectType,
  Kind,
  type ValueNode,
} from "graphql"
import { placeOf } from "./documentPlace.ts"
import { javaValue } from "./javaValue.ts"
import { locationsOf, type ResponseError } from "./responseErrors.ts"

const missing = /^Field ".+\.(.+?)" of required type ".+?" was not provided/
const unknownField = /^Field "(.+?)" is not defined by type "(.+?)"/
const nullGiven = /^Expected value of type ".+?!", found null/
const notValid = [
  /^Expected value of type "(.+?)", found/,
  /^(?:Value ".*?" does not exist in|Enum) "(.+?)" /,
  /^(Int|Float|String|Boolean|ID) cannot represent/,
]

/** What is wrong with the value of one argument, as graphql-java tells it. */
export interface ArgumentError {
  readonly argument: ArgumentNode
  /** The field names above it. */
  readonly path: readonly string[]
  /** `.field` and `[index]`, from the argument's value to where the problem is. */
  readonly steps: readonly string[]
  /** The value that the message shows: the refused one, or the argument's whole. */
  readonly value: ValueNode
  readonly problem: string
  /** Members that the object there lacks. */
  readonly lacks: readonly string[]
}

/** Reads what graphql-js says of the value of an argument; undefined for any other error. */
export function argumentError(
  schema: GraphQLSchema,
  document: DocumentNode,
  { message, nodes = [] }: GraphQLError,
): ArgumentError | undefined {
  const [node] = nodes
  const { argument, path, steps } = placeOf(document, node)
  if (argument === undefined || node === undefined) return undefined
  const whole = { argument, path, steps, value: argument.value, lacks: [] }
  const inner = { ...whole, value: isValue(node) ? node : argument.value }

  const [, lacking] = missing.exec(message) ?? []
  if (lacking !== undefined) return { ...whole, problem: "", lacks: [lacking] }
  const [, field, owner] = unknownField.exec(message) ?? []
  if (field !== undefined)
    return { ...whole, steps: steps.slice(0, -1), problem: `contains a field not in '${owner}': '${field}'` }
  if (nullGiven.test(message)) return { ...inner, problem: "must not be null" }
  for (const pattern of notValid) {
    const type = pattern.exec(message)?.[1]?.replace(/[[\]!]/g, "")
    if (type === undefined) continue
    if (isInputObjectType(schema.getType(type))) return { ...whole, problem: "must be an object type" }
    return { ...inner, problem: `is not a valid '${type}'` }
  }
  return undefined
}

/** One error for each argument: graphql-java stops at the first thing that is wrong with it, and names all that an object lacks. */
export function perArgument(errors: readonly ArgumentError[]): ArgumentError[] {
  const byArgument = new Map<ArgumentNode, ArgumentError>()
  for (const error of errors) {
    const first = byArgument.get(error.argument)
    if (first === undefined) byArgument.set(error.argument, error)
    else if (first.lacks.length > 0 && error.lacks.length > 0 && first.steps.join() === error.steps.join())
      byArgument.set(error.argument, { ...first, lacks: [...first.lacks, ...error.lacks] })
  }
  return [...byArgument.values()]
}

/** `Validation error of type WrongType: argument 'input.title' with value 'IntValue{value=1}' is not a valid 'String' @ 'addPost'`. */
export function argumentMessage({ argument, path, steps, value, problem, lacks }: ArgumentError): ResponseError {
  const said = lacks.length > 0 ? `is missing required fields '[${lacks.join(", ")}]'` : problem
  const name = `${argument.name.value}${steps.join("")}`
  return {
    path: null,
    locations: argument.loc === undefined ? null : locationsOf([getLocation(argument.loc.source, argument.loc.start)]),
    message: `Validation error of type WrongType: argument '${name}' with value '${javaValue(value)}' ${said} @ '${path.join("/")}'`,
  }
}

const valueKinds: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
])

const isValue = (node: ASTNode): node is ValueNode => valueKinds.has(node.kind)
