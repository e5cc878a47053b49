import { anyOf, rulesOf } from "../core/authorize.ts"
import type { Computed } from "../core/computed.ts"
import type { App } from "../core/manifest.ts"
import { directivesOf, isForPeople } from "./audience.ts"
import { type CommandModel, commandsOf } from "./commands.ts"
import { answerOf, argumentsOf, computedOf } from "./computed.ts"
import type { Field, FieldType } from "./fields.ts"
import { kernelMutations, kernelQueries, kernelSubscriptions, kernelTypes } from "./kernelSchema.ts"
import {
  identityKey,
  isList,
  isProjection,
  type ReadModel,
  type RowModel,
  relationReads,
  rootReads,
  rowFields,
  rowModels,
} from "./reads.ts"
import { liveViews, subscriptionName } from "./subscriptions.ts"

/** The public contract as GraphQL text. Throws when two declarations give the same name another meaning. */
export function graphqlSchema(app: App): string {
  const commands = commandsOf(app)
  const reads = rootReads(app)
  const anonymous = mayBeAnonymous(app)
  const named = new Map<string, string>()
  const add = (name: string, text: string) => {
    if (named.has(name) && named.get(name) !== text) throw new Error(`Two different types are called ${name}.`)
    named.set(name, text)
  }
  for (const command of commands) {
    add(command.inputType, inputText(command))
    for (const nested of nestedTypes(command.fields)) add(nested.name, nestedText(nested, "input"))
  }
  for (const { type } of rowModels(app)) {
    const { text, fields } = rowType(app, type)
    add(type, text)
    for (const nested of nestedTypes(fields))
      add(nested.name, nestedText(nested, "type", typeDirectives(app, nested.name)))
  }
  for (const one of computedOf(app)) {
    const fields = answerOf(one)
    const directives = directivesOf(one.authorize)
    add(one.type, `${quoted(one.description)}type ${one.type}${directives} {\n${fields.map(fieldText).join("\n")}\n}\n`)
    for (const nested of nestedTypes(fields)) add(nested.name, nestedText(nested, "type", directives))
  }
  for (const { type } of rowModels(app).filter(isList)) add(`${type}Page`, pageText(app, type))

  checkNames("query", [...reads.map(read => read.fieldName), ...computedOf(app).map(({ name }) => name)])
  checkNames(
    "mutation",
    commands.map(command => command.fieldName),
  )
  return [
    "# Generated from the contexts by `npm run generate`; do not edit.\n",
    "schema {\n  query: Query\n  mutation: Mutation\n  subscription: Subscription\n}\n",
    `type Query {${reads.map(readText).join("")}${computedOf(app).map(computedText).join("")}${kernelQueries(anonymous)}\n}\n`,
    `type Mutation {${commands.map(mutationText).join("")}${kernelMutations}\n}\n`,
    `type Subscription {${subscriptionTexts(app)}${kernelSubscriptions(anonymous)}\n}\n`,
    ...named.values(),
    `${kernelTypes(anonymous).trimStart()}\n`,
  ].join("\n")
}

/** May anything be asked or read without signing in? */
const mayBeAnonymous = (app: App) =>
  [...commandsOf(app), ...rowModels(app)].some(({ authorize }) => rulesOf(authorize).some(rule => rule.by === "open"))

const quoted = (text: string | undefined, indent = "") => (text ? `${indent}${JSON.stringify(text)}\n` : "")

const mutationText = ({ fieldName, inputType, description, authorize }: CommandModel) =>
  `\n${quoted(description, "  ")}  ${fieldName}(input: ${inputType}!, thread: ThreadInput): CommandReceipt!${directivesOf(authorize)}`

function readText(read: ReadModel): string {
  const isPage = read.by === "list" || read.by === "index"
  const rest = isPage ? ["limit: Int", "nextToken: String"] : []
  const fresh = read.by === "key" && read.typeName === "Query" && !isProjection(read.of) ? ["atLeastVersion: Int"] : []
  const args = [...read.arguments.map(field => `${field.name}: ${required(field.type)}`), ...fresh, ...rest]
  const type = isPage ? `${read.of.type}Page!` : read.of.type
  const directives = read.authorize === undefined ? "" : directivesOf(read.authorize)
  return `\n${quoted(read.description, "  ")}  ${read.fieldName}${args.length > 0 ? `(${args.join(", ")})` : ""}: ${type}${directives}`
}

function computedText(one: Computed): string {
  const args = argumentsOf(one).map(
    field => `${field.name}: ${field.required ? required(field.type) : typeText(field.type)}`,
  )
  return `\n${quoted(one.description, "  ")}  ${one.name}${args.length > 0 ? `(${args.join(", ")})` : ""}: ${one.type}${directivesOf(one.authorize)}`
}

const subscriptionTexts = (app: App) =>
  liveViews(app)
    .map(view => {
      const [scope] = view.partition
      const fields = rowFields(view).filter(field => field.name === scope && identityKey(view)?.field !== scope)
      const args = fields.map(field => `${field.name}: ${required(field.type)}`).join(", ")
      const description = quoted(`Says when the answer to "${view.description}" has changed.`, "  ")
      return `\n${description}  ${subscriptionName(view)}${args === "" ? "" : `(${args})`}: ViewChange @aws_subscribe(mutations: ["publishViewChange"])${directivesOf(view.authorize)}`
    })
    .join("")

function inputText({ inputType, name, fields }: CommandModel) {
  return `${quoted(`What ${name} asks for.`)}input ${inputType} {
${fields.map(fieldText).join("\n")}
  "The idempotency key, 20 to 64 letters, digits, - or _: the same command sent twice takes effect once."
  commandId: ID
  "Refuses the command with VersionConflict when the aggregate has another version."
  expectedVersion: Int
}
`
}

/** A row type has the fields of its rows and the relations of all views that share it. */
function rowType(app: App, type: string): { text: string; fields: readonly Field[] } {
  const models = rowModels(app).filter(model => model.type === type)
  const [first] = models
  if (first === undefined) throw new Error(`No view has the type ${type}.`)
  const fields = rowFields(first)
  const odd = models.find(model => JSON.stringify(rowFields(model)) !== JSON.stringify(fields))
  if (odd !== undefined)
    throw new Error(`${first.name} and ${odd.name} are both of type ${type}, but their rows differ.`)
  const relations = relationReads(app, type)
  const version = models.some(isProjection)
    ? ""
    : `\n  "Version of the aggregate that the row was made from."\n  version: Int!`
  checkNames(type, [
    ...fields.map(field => field.name),
    ...relations.map(read => read.fieldName),
    ...(version ? ["version"] : []),
  ])
  const text = `${quoted(models.map(model => model.description).join(" "))}type ${type}${typeDirectives(app, type)} {
${fields.map(fieldText).join("\n")}${version}${relations.map(readText).join("")}
}
`
  return { text, fields }
}

const pageText = (app: App, type: string) =>
  `"A page of a list; \`nextToken\` leads to the next."\ntype ${type}Page${typeDirectives(app, type)} {\n  items: [${type}!]!\n  nextToken: String\n}\n`

/**
 * A type is open to whoever may read any of the rows that hold it. Rows that no person may ask for are read where others lead to
 * them, by whoever may read those.
 */
const typeDirectives = (app: App, type: string) =>
  directivesOf(
    anyOf(
      ...rowModels(app)
        .filter(model => [model, ...reachedOnlyFrom(app, model)].some(one => holds(one, type)))
        .map(model => model.authorize),
    ),
  )

const reachedOnlyFrom = (app: App, { type }: RowModel): readonly RowModel[] =>
  relationReads(app, type).flatMap(({ of }) => (isForPeople(of.authorize) ? [] : [of]))

const holds = (model: RowModel, type: string): boolean =>
  model.type === type || nestedTypes(rowFields(model)).some(nested => nested.name === type)

const fieldText = (field: Field) =>
  `${quoted(field.description, "  ")}  ${field.name}: ${field.required ? required(field.type) : typeText(field.type)}`

const required = (type: FieldType) => `${typeText(type)}!`

const typeText = (type: FieldType): string =>
  type.kind === "list" ? `[${type.required ? required(type.of) : typeText(type.of)}]` : type.name

/** Enums and objects inside of fields, however deep. */
const nestedTypes = (fields: readonly Field[]): readonly NamedType[] =>
  fields.flatMap(({ type }) => {
    const inner = innermost(type)
    if (inner.kind === "scalar") return []
    return inner.kind === "enum" ? [inner] : [inner, ...nestedTypes(inner.fields)]
  })

function nestedText(type: NamedType, keyword: string, directives = ""): string {
  if (type.kind === "enum") return `enum ${type.name} {\n${type.values.map(value => `  ${value}`).join("\n")}\n}\n`
  return `${keyword} ${type.name}${directives} {\n${type.fields.map(fieldText).join("\n")}\n}\n`
}

type NamedType = Extract<FieldType, { name: string; kind: "enum" | "object" }>

const innermost = (type: FieldType): Exclude<FieldType, { kind: "list" }> =>
  type.kind === "list" ? innermost(type.of) : type

function checkNames(where: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`${where}: the name ${twice} is declared twice.`)
}
