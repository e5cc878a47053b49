/** What a new automation is written with. */
export interface AutomationNames {
  readonly context: string
  /** The policy. */
  readonly name: string
  readonly event: string
  /** The aggregate that the event belongs to, and the event's data, as text. */
  readonly from: string
  readonly data: string
  readonly command: string
  /** The aggregate that the command belongs to. */
  readonly to: string
  /** Fields of the event that are used; the command's data made from them, and made from `data`, as text. */
  readonly uses: readonly string[]
  readonly asks: string
  readonly asked: string
  /** Does the data speak about a person? */
  readonly personal: boolean
}

/** A policy: when this happens, ask for that. */
export function automationFile({ name, event, from, command, to, uses, asks }: AutomationNames): string {
  return `import { automation, send } from "../../core/index.ts"
${importsOf({ from, to }, aggregate => `./${aggregate}.ts`)}

export const ${name} = automation({
  name: "${name}",
  description: "When ${event} has happened, ask for ${command}.",
  on: events.${event},
  sends: [commands.${command}],
  react: (${uses.length > 0 ? `{ ${uses.join(", ")} }` : ""}) => [send(commands.${command}(${asks}))],
})
`
}

/** What that policy asks for. */
export function automationTest(names: AutomationNames): string {
  const { context, name, event, command } = names
  const folder = `../../../src/contexts/${context}`
  return `import { describe, test } from "vitest"
${importsOf(names, aggregate => `${folder}/${aggregate}.ts`)}
import { ${name} } from "${folder}/${name}.ts"
import { ${names.personal ? "about, " : ""}send } from "../../../src/core/index.ts"
import { on } from "../../scenario.ts"

const fact = events.${event}(${names.data})

describe("the policy ${name}", () => {
  test("asks for ${command} when ${event} has happened", () =>
    on(fact).thenReactions(${name}, send(commands.${command}(${names.asked}))))
})
`
}

const importsOf = ({ from, to }: { from: string; to: string }, path: (aggregate: string) => string) =>
  from === to
    ? `import { commands, events } from "${path(from)}"`
    : `import { events } from "${path(from)}"\nimport { commands } from "${path(to)}"`
