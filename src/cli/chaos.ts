import { countsOf, runSeed, type SeedReport } from "./chaos/run.ts"
import { CliError } from "./cliError.ts"
import { synthesize } from "./synth.ts"

interface ChaosFlags {
  readonly seed: string
  readonly seeds: string
  readonly commands: string
  readonly jobs: string
  readonly template?: string
  readonly json?: boolean
}

const interruptedCode = 130
const root = process.env.FOLDLINE_ROOT ?? process.cwd()

/** Runs seeds, prints what was injected, checked and found, also when it is interrupted, and fails when a promise was broken. */
export async function chaos(flags: ChaosFlags): Promise<void> {
  const first = wholeNumber(flags.seed)
  const left = Array.from({ length: wholeNumber(flags.seeds) }, (_, at) => first + at)
  const commands = wholeNumber(flags.commands)
  const print = (line: string) => (flags.json ? undefined : console.log(line))
  const template = flags.template ?? (await synthesize(root, print))
  const reports: SeedReport[] = []
  const say = () => {
    if (flags.json) console.log(JSON.stringify(reports, null, 2))
    else for (const line of summaryOf(reports)) print(line)
  }
  const interrupt = () => {
    say()
    print(`interrupted with ${left.length} seeds left and ${flags.jobs} on their way`)
    process.exit(interruptedCode)
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt)
  const work = async () => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const report = await runSeed({ seed, commands, template })
      reports.push(report)
      for (const line of linesOf(report)) print(line)
    }
  }
  await Promise.all(Array.from({ length: wholeNumber(flags.jobs) }, work))
  say()
  if (violationsOf(reports).length > 0) process.exitCode = 1
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) throw new CliError(`${text} is not a whole number`)
  return number
}

const violationsOf = (reports: readonly SeedReport[]) =>
  reports.flatMap(({ findings }) => findings.flatMap(({ violations }) => violations))
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function linesOf({ seed, commands, injected, findings, seconds, dataFolder }: SeedReport): readonly string[] {
  const violations = findings.flatMap(finding => finding.violations)
  const counts = `${commands} commands, ${sum(Object.values(injected))} faults, ${sum(findings.map(({ checked }) => checked))} checks`
  return [
    `seed ${seed}: ${counts}, ${violations.length} violations, ${seconds.toFixed(1)} s`,
    ...violations.map(violation => `  seed ${seed}: ${violation}`),
    ...(dataFolder === undefined ? [] : [`  seed ${seed}: its data is left in ${dataFolder}`]),
  ]
}

function summaryOf(reports: readonly SeedReport[]): readonly string[] {
  const table = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([name, count]) => `  ${name.padEnd(44)} ${String(count).padStart(8)}`)
  const checks = reports.flatMap(({ findings }) => findings)
  return [
    "injected",
    ...table(added(reports.map(({ injected }) => injected))),
    "clients and receipts",
    ...table(added(reports.map(({ outcomes }) => outcomes))),
    "checked",
    ...table(added(checks.map(({ check, checked }) => ({ [check]: checked })))),
    `${reports.length} seeds, ${sum(reports.map(({ commands }) => commands))} commands, ${violationsOf(reports).length} violations`,
  ]
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = Object.keys(countsOf(all.flatMap(counts => Object.keys(counts))))
  return Object.fromEntries(names.map(name => [name, sum(all.map(counts => counts[name] ?? 0))]))
}
