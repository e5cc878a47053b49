import type { z } from "zod"
import { commandOf } from "../../core/aggregate.ts"
import { rulesOf } from "../../core/authorize.ts"
import { pascalCase } from "../../model/names.ts"
import { CliError } from "../cliError.ts"
import { type AutomationNames, automationFile, automationTest } from "../templates/automation.ts"
import { checkUsable } from "./naming.ts"
import { aggregateFor, folderOf, type NewFlags } from "./place.ts"
import { addToManifest } from "./register.ts"
import { objectSample, type Sample, sampleOf, textOf } from "./sample.ts"
import type { Workspace } from "./workspace.ts"

/** Plans a policy that asks for a command when an event has happened: `<command>On<Event>`, both of one context. */
export function newAutomation(workspace: Workspace, name: string, flags: NewFlags): void {
  const { command, event } = policyOf(name)
  const { context, aggregate: from } = aggregateFor(
    workspace.app,
    flags,
    `aggregate with the event ${event}`,
    ({ events }) => Object.hasOwn(events, event),
  )
  const { aggregate: to } = aggregateFor(
    workspace.app,
    { context: context.name },
    `command ${command} in ${context.name}: an automation is called <command>On<Event>, like archiveCopyOnCopyLost`,
    ({ commands }) => Object.hasOwn(commands, command),
  )
  const { schema, authorize } = commandOf(to, command)
  if (!rulesOf(authorize).some(rule => rule.by === "backend"))
    throw new CliError(`no automation may ask for ${command}: add backend() to its authorize in ${to.name}.ts first`)

  const fact = objectSample(from.events[event].schema)
  const sources = sourcesOf(schema, to.key, fact.value, from.key)
  const texts = (text: (source: Source) => string) =>
    textOf(Object.fromEntries(sources.map(source => [source.field, text(source)])))
  const names: AutomationNames = {
    context: context.name,
    name,
    event,
    from: from.name,
    data: fact.text,
    command,
    to: to.name,
    uses: [...new Set(sources.flatMap(({ from: field }) => field ?? []))],
    asks: texts(({ from: field, sample }) => field ?? sample.text),
    asked: texts(({ sample }) => sample.text),
    personal: fact.text.includes("about("),
  }
  checkUsable(name, example => automationFile({ ...names, name: example }))
  const folder = folderOf(context.name)
  workspace.add(`${folder}/${name}.ts`, automationFile(names))
  workspace.add(`test/rule/${context.name}/${name}.test.ts`, automationTest(names))
  addToManifest(workspace, context.name, "automations", name)
}

function policyOf(name: string) {
  const [, command, event] = /^([a-z]\w*)On([A-Z]\w*)$/.exec(name) ?? []
  if (command === undefined || event === undefined)
    throw new CliError(`${name} does not say its policy: call it <command>On<Event>, like archiveCopyOnCopyLost`)
  return { command: pascalCase(command), event }
}

/** Where the value of a command's field comes from: a field of the event, or made up. */
interface Source {
  readonly field: string
  readonly from?: string
  readonly sample: Sample
}

/** Fields of one name carry over; a command for another aggregate takes the event's aggregate as its id: one for each. */
function sourcesOf(
  command: z.ZodObject,
  key: string,
  fact: Readonly<Record<string, unknown>>,
  factKey: string,
): readonly Source[] {
  return Object.entries(command.shape).flatMap(([field, schema]) => {
    const type = schema as z.ZodType
    const fits = (name: string) => Object.hasOwn(fact, name) && type.safeParse(fact[name]).success
    const from = [field, ...(field === key ? [factKey] : [])].find(fits)
    const made = sampleOf(field, type)
    if (made === undefined) return []
    return [from === undefined ? { field, sample: made } : { field, from, sample: literal(fact[from]) }]
  })
}

const literal = (value: unknown): Sample => ({ value, text: JSON.stringify(value) })
