import {
  type DocumentNode,
  extendSchema,
  GraphQLError,
  GraphQLSchema,
  getNamedType,
  isObjectType,
  parse,
  validateSchema,
} from "graphql"
import { type Admission, admissions, awsAuthGroups, directiveDefinitions, subscribedMutations } from "./directives.ts"
import { awsScalars } from "./scalars.ts"
import { toStandardSdl } from "./tolerance.ts"

/** What the directives of one field of an object type say. */
export interface FieldRules {
  /** From the field's directives, else from its type's; undefined when neither has any. */
  readonly admissions?: readonly Admission[]
  readonly awsAuthGroups?: readonly string[]
}

/** A schema as AppSync accepted it. */
export interface ApiSchema {
  readonly schema: GraphQLSchema
  /** SDL as it was given. */
  readonly definition: string
  readonly usesAwsAuth: boolean
  rulesOf(typeName: string, fieldName: string): FieldRules
  /** Subscription fields that a mutation field feeds. */
  subscriptionsOf(mutation: string): readonly string[]
}

const schemaBytesMax = 1024 * 1024

const base = extendSchema(
  new GraphQLSchema({ types: [...awsScalars.values()] }),
  parse(directiveDefinitions, { noLocation: true }),
)

/**
 * Compiles SDL as AppSync does: AWS scalars and directives are known, other scalars and directives are refused, and a
 * Query type is needed. Throws an Error with one line per problem.
 */
export function compileSchema(definition: string): ApiSchema {
  const bytes = Buffer.byteLength(definition)
  if (bytes > schemaBytesMax) throw new Error(`The schema has ${bytes} bytes; AppSync takes at most 1 MB.`)
  const document = withoutBuiltIns(parseDefinition(definition))
  const schema = link(document)
  const problems = [
    ...document.definitions.flatMap(node =>
      node.kind === "ScalarTypeDefinition" ? [`Custom scalar '${node.name.value}' is not supported by AppSync.`] : [],
    ),
    ...validateSchema(schema).map(error => error.message),
    ...wrongSubscriptions(schema),
  ]
  if (problems.length > 0) throw new Error(problems.join("\n"))
  return { schema, definition, ...directivesOf(schema) }
}

function parseDefinition(definition: string): DocumentNode {
  try {
    return parse(definition)
  } catch (error) {
    return parseTolerantly(definition, error)
  }
}

function parseTolerantly(definition: string, refusal: unknown): DocumentNode {
  try {
    return parse(toStandardSdl(definition))
  } catch {
    if (!(refusal instanceof GraphQLError)) throw refusal
    const [at] = refusal.locations ?? []
    throw new Error(`Failed to parse schema document - ${refusal.message} (line ${at?.line}, column ${at?.column})`)
  }
}

/** What AppSync brings along may be declared (`scalar AWSJSON`, its directives); the declaration has no effect. */
function withoutBuiltIns(document: DocumentNode): DocumentNode {
  const definitions = document.definitions.filter(node => {
    if (node.kind === "ScalarTypeDefinition") return !awsScalars.has(node.name.value)
    return node.kind !== "DirectiveDefinition" || base.getDirective(node.name.value) === undefined
  })
  return { ...document, definitions }
}

function link(document: DocumentNode): GraphQLSchema {
  const { definitions } = document
  const named = new Set(definitions.flatMap(node => (node.kind === "ObjectTypeDefinition" ? [node.name.value] : [])))
  const hasSchemaNode = definitions.some(node => node.kind === "SchemaDefinition")
  const roots = ["Query", "Mutation", "Subscription"].filter(name => named.has(name))
  const entry = roots.map(name => `${name.toLowerCase()}: ${name}`).join(" ")
  const schemaNode =
    hasSchemaNode || roots.length === 0 ? [] : parse(`schema { ${entry} }`, { noLocation: true }).definitions
  return extendSchema(base, { ...document, definitions: [...definitions, ...schemaNode] })
}

function wrongSubscriptions(schema: GraphQLSchema): string[] {
  const mutations = schema.getMutationType()?.getFields() ?? {}
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {}).flatMap(field =>
    subscribedMutations(field.astNode?.directives).flatMap(name => {
      const mutation = mutations[name]
      if (mutation === undefined) return [`Subscription '${field.name}' names the unknown mutation '${name}'.`]
      return getNamedType(mutation.type) === getNamedType(field.type)
        ? []
        : [`Subscription '${field.name}' must return the type of the mutation '${name}'.`]
    }),
  )
}

function directivesOf(schema: GraphQLSchema): Pick<ApiSchema, "usesAwsAuth" | "rulesOf" | "subscriptionsOf"> {
  const rules = new Map<string, FieldRules>()
  const subscriptions = new Map<string, string[]>()
  let usesAwsAuth = false
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue
    const ofType = admissions([type.astNode, ...type.extensionASTNodes].flatMap(node => node?.directives ?? []))
    for (const field of Object.values(type.getFields())) {
      const ofField = admissions(field.astNode?.directives)
      const granted = ofField.length > 0 ? ofField : ofType
      const groups = awsAuthGroups(field.astNode?.directives)
      usesAwsAuth ||= groups !== undefined
      rules.set(`${type.name}.${field.name}`, {
        ...(granted.length > 0 && { admissions: granted }),
        ...(groups !== undefined && { awsAuthGroups: groups }),
      })
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    for (const mutation of subscribedMutations(field.astNode?.directives)) {
      subscriptions.set(mutation, [...(subscriptions.get(mutation) ?? []), field.name])
    }
  }
  return {
    usesAwsAuth,
    rulesOf: (typeName, fieldName) => rules.get(`${typeName}.${fieldName}`) ?? {},
    subscriptionsOf: mutation => subscriptions.get(mutation) ?? [],
  }
}
