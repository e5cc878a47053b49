import { type GraphQLError, type GraphQLSchema, getNullableType, isListType, isObjectType } from "graphql"
import { javaTypeOf } from "./javaValue.ts"
import { locationsOf, pathText, type ResponseError } from "./responseErrors.ts"

const nullBroken = /^Cannot return null for non-nullable field (.+)\.(.+?)\.$/
const notList = /^Expected Iterable, but did not find one for field/
const unresolved = /^Abstract type "(.+?)" must resolve to an Object type at runtime for field "(.+?)"/
const badLeaf = /^(Int|Float|String|Boolean|ID) cannot represent .*?: (.+)$/
const badEnum = /^Enum "(.+?)" cannot represent value/

/** An error that graphql-js found while it completed values, in AppSync's words; these carry no `errorType`. */
export function executionError(schema: GraphQLSchema, error: GraphQLError): ResponseError {
  const path = error.path ?? []
  const at = pathText(path)
  const broken = nullBroken.exec(error.message)
  if (broken !== null) {
    const [, parent = "", field = ""] = broken
    const type = typeAt(schema, parent, field, path)
    return {
      path,
      locations: null,
      message: `Cannot return null for non-nullable type: '${type}' within parent '${parent}' (${at})`,
    }
  }
  if (notList.test(error.message)) {
    return { path, locations: null, message: `Can't resolve value (${at}) : type mismatch error, expected type LIST` }
  }
  const [, abstract, fieldOfType] = unresolved.exec(error.message) ?? []
  if (abstract !== undefined) {
    const reason = `Abstract type '${abstract}' must resolve to an Object type at runtime for field '${fieldOfType}'`
    const message = `Can't resolve '${at}'. ${reason}. Could not determine the exact type of '${abstract}'`
    return { path, locations: null, message }
  }
  return { path, locations: null, message: `Can't serialize value (${at}) : ${leafMessage(error.message)}` }
}

function leafMessage(message: string): string {
  const enumName = badEnum.exec(message)?.[1]
  if (enumName !== undefined) return `Invalid input for Enum '${enumName}'.`
  const [, type, value = ""] = badLeaf.exec(message) ?? []
  return type === undefined ? message : `Expected type '${type}' but was '${javaTypeOf(value)}'.`
}

function typeAt(schema: GraphQLSchema, parent: string, field: string, path: readonly (string | number)[]): string {
  const object = schema.getType(parent)
  const type = isObjectType(object) ? object.getFields()[field]?.type : undefined
  if (type === undefined) return field
  const nullable = getNullableType(type)
  const item = typeof path.at(-1) === "number" && isListType(nullable) ? nullable.ofType : type
  return String(getNullableType(item))
}

const missing = /^Variable "\$([^"]+)" of (?:required|non-null) type "(.+?)"/
const badVariable = /^Variable "\$([^"]+)" got invalid value .*?; (.+)$/s
const nullInside =
  /^(?:Field ".+?" of required type "(.+?)" was not provided|Expected non-nullable type "(.+?)" not to be null)/
const unknownInside = /Field "(?:.+?)" is not defined by type "(.+?)"/

/** A refused variable in AppSync's words. */
export function variableError(error: GraphQLError): ResponseError {
  const locations = locationsOf(error.locations)
  const [, absent, absentType] = missing.exec(error.message) ?? []
  if (absent !== undefined) return { path: null, locations, message: coercedNull(absent, absentType) }
  const [, name, problem = ""] = badVariable.exec(error.message) ?? []
  if (name === undefined) return { path: null, locations, message: error.message }
  const [, requiredType, nullType] = nullInside.exec(problem) ?? []
  const type = requiredType ?? nullType
  if (type !== undefined) return { path: null, locations, message: coercedNull(name, type) }
  const inputType = unknownInside.exec(problem)?.[1]
  if (inputType !== undefined) {
    const message = `The variables input contains a field that is not defined for input object type '${inputType}' `
    return { path: null, locations: null, message }
  }
  return { path: null, locations, message: `Variable '${name}' has an invalid value : ${valueProblem(problem)}` }
}

const coercedNull = (name: string, type: string | undefined): string =>
  `Variable '${name}' has coerced Null value for NonNull type '${type}'`

function valueProblem(problem: string): string {
  const [, missingName, enumName] = /^Value "(.*?)" does not exist in "(.+?)" enum/.exec(problem) ?? []
  if (enumName !== undefined) return `Invalid input for Enum '${enumName}'. No value found for name '${missingName}'`
  return leafMessage(problem.replace(/^Expected type ".+?"\. /, ""))
}
