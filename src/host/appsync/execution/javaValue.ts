import { Kind, type ValueNode } from "graphql"

/** A literal as graphql-java prints it in messages: `StringValue{value='x'}`. */
export function javaValue(node: ValueNode): string {
  switch (node.kind) {
    case Kind.STRING:
      return `StringValue{value='${node.value}'}`
    case Kind.INT:
      return `IntValue{value=${node.value}}`
    case Kind.FLOAT:
      return `FloatValue{value=${node.value}}`
    case Kind.BOOLEAN:
      return `BooleanValue{value=${node.value}}`
    case Kind.ENUM:
      return `EnumValue{name='${node.value}'}`
    case Kind.NULL:
      return "NullValue{}"
    case Kind.VARIABLE:
      return `VariableReference{name='${node.name.value}'}`
    case Kind.LIST:
      return `ArrayValue{values=[${node.values.map(javaValue).join(", ")}]}`
    case Kind.OBJECT:
      return `ObjectValue{objectFields=[${node.fields
        .map(field => `ObjectField{name='${field.name.value}', value=${javaValue(field.value)}}`)
        .join(", ")}]}`
  }
}

/** The Java class that AppSync names for a JSON value whose graphql-js message starts its value with `text`. */
export function javaTypeOf(text: string): string {
  if (text.startsWith('"')) return "String"
  if (text.startsWith("{")) return "LinkedHashMap"
  if (text.startsWith("[")) return "ArrayList"
  if (text === "true" || text === "false") return "Boolean"
  if (!/^-?\d+$/.test(text)) return "Double"
  return Math.abs(Number(text)) < 2 ** 31 ? "Integer" : "Long"
}
