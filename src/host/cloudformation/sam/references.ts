import type { Json } from "../../host.ts"

/** Resources that a serverless one makes, by the names under which templates refer to them: `Api.Stage`, `Function.Version`. */
export type MadeBy = ReadonlyMap<string, string>

/** The value with `Ref: Api.Stage` and `${Api.Stage}` naming the resources that are meant. */
export function withMade(value: Json, made: MadeBy): Json {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(one => withMade(one, made))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === "Ref" && typeof member === "string") return [name, made.get(member) ?? member]
      return [name, name === "Fn::Sub" ? inSub(member, made) : withMade(member, made)]
    }),
  )
}

function inSub(argument: Json, made: MadeBy): Json {
  const [text = null, ...variables] = [argument].flat()
  if (typeof text !== "string") return argument
  const named = text.replace(/\$\{\s*([\w.]+)\s*\}/g, (whole, name: string) => {
    const id = made.get(name)
    return id === undefined ? whole : `\${${id}}`
  })
  return Array.isArray(argument) ? [named, ...variables.map(one => withMade(one, made))] : named
}
