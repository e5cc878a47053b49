import type { App } from "../core/manifest.ts"
import { busType } from "../core/manifest.ts"
import type { MessageType } from "../core/message.ts"
import { catalogueOf } from "./catalogue.ts"
import { commandsOf } from "./commands.ts"
import { answerOf, computedOf } from "./computed.ts"
import { type Field, type FieldType, fieldsOf } from "./fields.ts"
import { isList, isProjection, relationReads, rowFields, rowModels } from "./reads.ts"

const scalarTypes: Readonly<Record<string, string>> = { Int: "number", Float: "number", Boolean: "boolean" }

/** What the console imports: types of inputs, events and rows, and the catalogue as data. */
export function consoleTypes(app: App): string {
  const named = new Map<string, string>()
  const commands = commandsOf(app)
  const answers = computedOf(app).map(one => {
    const fields = objectText(answerOf(one), named, "")
    return `/** ${one.description} */\nexport interface ${one.type} ${fields}\n`
  })
  const rows = [...new Set(rowModels(app).map(model => model.type))].map(type => rowText(app, type, named))
  const inputs = commands.map(command => `  readonly ${command.fieldName}: ${objectText(command.fields, named, "  ")}`)
  const events = app.contexts.flatMap(context =>
    context.aggregates.flatMap(aggregate =>
      Object.values<MessageType>(aggregate.events).map(event => {
        const fields = fieldsOf(event.schema, event.type, "event")
        return `  readonly ${JSON.stringify(busType(context.name, event.type))}: ${objectText(fields, named, "  ")}`
      }),
    ),
  )
  return `// Generated from the contexts by \`npm run generate\`; do not edit.

/** A personal value as support screens show it: masked. */
export type Personal = string | null

/** A page of a list. */
export interface Page<Row> {
  readonly items: readonly Row[]
  readonly nextToken?: string | null
}

${kernelTypes}
${[...named.values()].join("\n")}
${[...rows, ...answers].join("\n")}
/** Mutation → what it asks for, besides \`commandId\` and \`expectedVersion\`. */
export interface Commands {
${inputs.join("\n")}
}

/** Event → its data. */
export interface Events {
${events.join("\n")}
}

/** What the app is made of. */
export const catalogue = ${JSON.stringify(catalogueOf(app), null, 2)} as const
`
}

const kernelTypes = `export type CommandStatus = "ACCEPTED" | "COMMITTED" | "PROJECTED" | "REJECTED" | "FAILED" | "PARKED"

export interface CommandReceipt {
  readonly commandId: string
  readonly traceId: string
  readonly status: CommandStatus
  readonly aggregateId?: string | null
  readonly version?: number | null
  readonly rejection?: { readonly code: string; readonly message: string; readonly path?: string | null } | null
  readonly reason?: string | null
  readonly duplicate: boolean
  readonly protected: boolean
  readonly actor: string
  readonly tenant: string
  readonly acceptedAt?: string | null
  readonly settledAt?: string | null
}
`

function rowText(app: App, type: string, named: Map<string, string>): string {
  const models = rowModels(app).filter(model => model.type === type)
  const fields = models[0] === undefined ? [] : rowFields(models[0])
  const lines = [
    ...fields.map(field => `  ${memberText(field, named, "  ")}`),
    ...(models.some(isProjection) ? [] : ["  readonly version: number"]),
    ...relationReads(app, type).map(
      ({ fieldName, of }) => `  readonly ${fieldName}?: ${isList(of) ? `Page<${of.type}>` : `${of.type} | null`}`,
    ),
  ]
  return `/** ${models.map(model => model.description).join(" ")} */\nexport interface ${type} {\n${lines.join("\n")}\n}\n`
}

const objectText = (fields: readonly Field[], named: Map<string, string>, indent: string): string =>
  `{\n${fields.map(field => `${indent}  ${memberText(field, named, `${indent}  `)}`).join("\n")}\n${indent}}`

const memberText = ({ name, required, type }: Field, named: Map<string, string>, indent: string) =>
  `readonly ${name}${required ? "" : "?"}: ${typeText(type, named, indent)}${required ? "" : " | null"}`

function typeText(type: FieldType, named: Map<string, string>, indent: string): string {
  if (type.kind === "scalar") return type.name === "Personal" ? "Personal" : (scalarTypes[type.name] ?? "string")
  if (type.kind === "object") return objectText(type.fields, named, indent)
  if (type.kind === "list") {
    const item = typeText(type.of, named, indent)
    return `readonly ${type.required ? item : `(${item} | null)`}[]`
  }
  named.set(type.name, `export type ${type.name} = ${type.values.map(value => JSON.stringify(value)).join(" | ")}\n`)
  return type.name
}
