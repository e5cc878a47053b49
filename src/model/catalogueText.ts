import type {
  Catalogue,
  CatalogueAggregate,
  CatalogueAutomation,
  CatalogueContext,
  CatalogueField,
  CatalogueRejection,
  CatalogueView,
} from "./catalogue.ts"

/** The catalogue as a Markdown document; `pictureOf` gives the path of a context's picture. */
export const catalogueText = (catalogue: Catalogue, pictureOf: (context: CatalogueContext) => string): string =>
  `${[
    "# Catalogue",
    "Everything that can be asked, that can happen and that can be read. Generated from the contexts by `npm run generate`; do not edit.",
    ...catalogue.contexts.flatMap(context => contextText(context, pictureOf(context))),
    "## Refusals that any command may meet",
    rejectionTable(catalogue.rejections),
  ].join("\n\n")}\n`

function contextText({ name, description, aggregates, views, automations }: CatalogueContext, picture: string) {
  const plain = views.filter(({ kind }) => kind === "view")
  const projections = views.filter(({ kind }) => kind === "projection")
  return [
    `## ${name}`,
    description,
    `![Automations, commands, aggregates, events and views of ${name}](${picture})`,
    ...aggregates.flatMap(aggregate => aggregateText(aggregate, views)),
    ...(plain.length === 0 ? [] : ["### Views", ...plain.flatMap(viewText)]),
    ...(projections.length === 0 ? [] : ["### Projections", ...projections.flatMap(viewText)]),
    ...(automations.length === 0 ? [] : ["### Automations", automationTable(automations)]),
  ]
}

function aggregateText(aggregate: CatalogueAggregate, views: readonly CatalogueView[]): readonly string[] {
  const { name, description, key, unique, commands, rejections, events } = aggregate
  const shownIn = views.filter(({ from, kind }) => kind === "view" && from.includes(name)).map(view => code(view.name))
  return [
    `### Aggregate \`${name}\``,
    `${description} Identified by ${code(key)}${unique.length === 0 ? "" : `; unique: ${list(unique.map(code))}`}.`,
    "**Commands**",
    table(
      ["command", "who may ask", "fields"],
      commands.map(command => [
        `${code(command.name)}<br>${command.description}`,
        [sentence(command.mayAsk), ...command.sentBy.map(code)].join("<br>"),
        fieldList(command.fields),
      ]),
    ),
    ...(rejections.length === 0 ? [] : ["**Refusals**", rejectionTable(rejections)]),
    `**Events**${shownIn.length === 0 ? "" : `, each of which brings ${list(shownIn)} up to date`}`,
    table(
      ["event", "version", "made by", "fields", "starts or changes"],
      events.map(event => [
        `${code(event.name)}<br>${event.description}`,
        String(event.schemaVersion),
        event.madeBy.map(code).join("<br>") || "–",
        fieldList(event.fields),
        [...event.starts, ...event.changes].map(code).join("<br>") || "–",
      ]),
    ),
  ]
}

const viewText = ({
  name,
  description,
  mayAsk,
  queries,
  key,
  sort,
  from,
  fields,
  leadsTo,
  subscription,
}: CatalogueView) => [
  `#### \`${name}\``,
  description,
  [
    `- **Ask**: ${queries.length === 0 ? "only through a relation" : list(queries.map(code))}`,
    `- **Who may ask**: ${mayAsk}`,
    `- **Key**: ${list(key.map(code))}${sort.length === 0 ? "" : `, ordered by ${list(sort.map(code))}`}`,
    `- **Made from**: ${list(from.map(code))}`,
    `- **Fields**: ${fields.map(fieldText).join(", ")}`,
    ...(leadsTo.length === 0
      ? []
      : [`- **Leads to**: ${list(leadsTo.map(({ field, view }) => `${code(field)} (${view})`))}`]),
    ...(subscription === undefined ? [] : [`- **Live**: ${code(subscription)} says when it has changed`]),
  ].join("\n"),
]

const automationTable = (automations: readonly CatalogueAutomation[]) =>
  table(
    ["", "automation", "when", "then"],
    automations.map(({ name, description, when, sends, effects, reads }, index) => [
      String(index + 1),
      `${code(name)}<br>${description}${reads.length === 0 ? "" : ` Reads ${list(reads.map(code))}.`}`,
      code(when),
      [...sends.map(code), ...effects].join("<br>"),
    ]),
  )

const rejectionTable = (rejections: readonly CatalogueRejection[]) =>
  table(
    ["code", "what people read"],
    rejections.map(({ code: name, message }) => [code(name), message]),
  )

const fieldList = (fields: readonly CatalogueField[]) => fields.map(fieldText).join("<br>") || "–"

const fieldText = ({ name, type, required, hidden, description }: CatalogueField) =>
  [
    `${code(name)} ${type}`,
    ...(required ? [] : ["optional"]),
    ...(hidden === undefined || type === "Personal" ? [] : [hidden]),
  ].join(", ") +
  (description === undefined
    ? ""
    : ` (${description.charAt(0).toLowerCase()}${description.slice(1).replace(/\.$/, "")})`)

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows]
    .map(cells => `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n")

const code = (text: string) => `\`${text}\``
const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const list = (items: readonly string[]) => items.join(", ")
