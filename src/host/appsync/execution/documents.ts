import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from "graphql"
import { locationsOf, type ResponseError } from "./responseErrors.ts"
import { validationErrors } from "./validationMessages.ts"

const documentsMax = 1000
const tokensMax = 15_000
const errorsMax = 100

/** A request's document, checked once: it can run, or it has errors. */
export type CheckedDocument =
  | { readonly document: DocumentNode }
  | { readonly errors: readonly ResponseError[]; readonly document?: undefined }

/** Parses and validates documents of one schema; the most recently used are kept by their text. */
export function createDocuments(schema: GraphQLSchema, allowIntrospection: boolean): (text: string) => CheckedDocument {
  const rules = allowIntrospection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const checked = new Map<string, CheckedDocument>()
  return text => {
    const known = checked.get(text)
    if (known !== undefined) {
      checked.delete(text)
      checked.set(text, known)
      return known
    }
    const fresh = check(schema, rules, text)
    checked.set(text, fresh)
    if (checked.size > documentsMax) checked.delete(checked.keys().next().value ?? "")
    return fresh
  }
}

function check(schema: GraphQLSchema, rules: typeof specifiedRules, text: string): CheckedDocument {
  try {
    return validated(schema, rules, parseDocument(text))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { errors: [{ path: null, locations: null, message: "Invalid Syntax : the document is nested too deeply" }] }
  }
}

function validated(schema: GraphQLSchema, rules: typeof specifiedRules, parsed: CheckedDocument): CheckedDocument {
  if (parsed.document === undefined) return parsed
  const errors = validate(schema, parsed.document, rules, { maxErrors: errorsMax })
  if (errors.length === 0) return parsed
  return { errors: validationErrors(schema, parsed.document, errors) }
}

function parseDocument(text: string): CheckedDocument {
  try {
    return { document: parse(text, { maxTokens: tokensMax }) }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const [at] = error.locations ?? []
    const token = /(?:found|character:?|Unexpected) (?:[A-Z]\w* )?"?(.+?)"?\.$/.exec(error.message)?.[1]
    const message =
      token === undefined
        ? `Invalid Syntax : ${error.message.replace(/^Syntax Error: /, "")}`
        : `Invalid Syntax : offending token '${token}' at line ${at?.line} column ${at?.column}`
    return { errors: [{ path: null, locations: locationsOf(error.locations), message }] }
  }
}
