import { Command } from "commander"
import { CliError } from "./cliError.ts"

const program = new Command("foldline")
  .description("Runs, looks into and extends a Foldline backend.")
  .showHelpAfterError()

program
  .command("start")
  .description("run the synthesized template on this machine")
  .option("--port <number>", "port of the one HTTP server (default: PORT or 4000)")
  .option("--fresh", "keep all data in memory")
  .option("--template <path>", "a cdk.out folder or a CloudFormation template to run instead of this app")
  .option("--parameter <name=value...>", "values of template parameters")
  .option("--speed <factor>", "divide every delay of AWS by this", "1")
  .option("--strict", "refuse a template with anything that the host does not support")
  .action(async options => (await import("./start.ts")).start(options))

program
  .command("trace <text>")
  .description("tell the whole story of a request: trace, command or aggregate id, e-mail or another business key")
  .option("--json", "print the steps as JSON")
  .action(async (text, options) => (await import("./trace.ts")).trace(text, options))

program
  .command("history <aggregate> [id]")
  .description("print the events and the state of an aggregate: <aggregate> <id>, or <tenant>/<aggregate>/<id>")
  .option("--tenant <id>", "the tenant, when it is not the aggregate itself")
  .option("--at <version|time>", "the state as of a version or an ISO time")
  .option("--reveal <reason>", "show personal values too; who looked, and why, is recorded as an event")
  .option("--json", "print JSON")
  .action(async (aggregate, id, options) => (await import("./history.ts")).history(aggregate, id, options))

program
  .command("demo")
  .description("play the story of an account through the public API and print its trace")
  .action(async () => (await import("./demo.ts")).demo())

program
  .command("new <kind> <name>")
  .description("write a working, tested starting file: context, aggregate, view or automation")
  .option("--context <name>", "the context that it belongs to (default: the only one)")
  .option("--aggregate <name>", "the aggregate that a view or an automation listens to")
  .action(async (kind, name, options) => (await import("./new.ts")).create(kind, name, options))

program
  .command("generate")
  .description("write schema.graphql, the catalogue and the other generated files")
  .action(async () => {
    ;(await import("../model/generate.ts")).generate()
  })

program
  .command("chaos")
  .description("run real commands under seeded faults, and prove that every promise held")
  .option("--seed <number>", "the first seed", "1")
  .option("--seeds <number>", "how many seeds to run", "1")
  .option("--commands <number>", "commands for each seed", "100")
  .option("--jobs <number>", "seeds to run side by side", "1")
  .option("--template <path>", "a cdk.out folder to run instead of synthesizing")
  .option("--json", "print JSON")
  .action(async options => (await import("./chaos.ts")).chaos(options))

program
  .command("cost")
  .description("run a mix of commands and queries on a fresh host, and print what AWS would bill for them")
  .option("--users <number>", "how many users the printed month is for", "50")
  .option("--json", "print JSON")
  .action(async options => (await import("./cost.ts")).cost(options))

program
  .command("parked")
  .description("list what is set aside, by cause: streams that cannot be folded, deliveries that failed for good")
  .option("--json", "print JSON")
  .action(async options => (await import("./parked.ts")).parked(options))

program
  .command("redrive <stream|cause>")
  .description("release what is set aside, in order of arrival")
  .option("--rehearse", "show what the code as it is would do, and write nothing")
  .option("--json", "print JSON")
  .action(async (which, options) => (await import("./redrive.ts")).redrive(which, options))

program
  .command("release-contracts")
  .description("release the API and the events as they are: the tests refuse what breaks them")
  .action(async () => (await import("../model/releaseContracts.ts")).releaseContracts())

program
  .command("clock <duration>")
  .description("move the running host's clock forward: +90s, +15m, +6h, +7d")
  .action(async duration => (await import("./clock.ts")).moveClock(duration))

program
  .command("forget <subject>")
  .description("forget a person's id or an e-mail address everywhere, and print a certificate")
  .option("--json", "print JSON")
  .action(async (subject, options) => (await import("./forget.ts")).forget(subject, options))

program
  .command("rebuild <view>")
  .description("rebuild a view or projection from the events while it serves")
  .option("--dry-run", "only report how it differs from a fold of the events")
  .option("--rate <number>", "streams a second at most")
  .option("--pause", "pause the rebuild that runs")
  .option("--resume", "go on with a rebuild that was paused or cut short")
  .option("--view-version <number>", "a version that is built beside the one that is served")
  .option("--json", "print JSON")
  .action(async (view, options) => (await import("./rebuild.ts")).rebuild(view, options))

program
  .command("verify <view>")
  .description("compare rows of a view or projection with a fresh fold of their events")
  .option("--sample <number>", "look at so many streams only, chosen at random")
  .option("--heal", "write what has drifted")
  .option("--json", "print JSON")
  .action(async (view, options) => (await import("./verify.ts")).verify(view, options))

program
  .command("reconcile")
  .description("after a restore of a store, bring the others back to it")
  .option("--json", "print JSON")
  .action(async options => (await import("./reconcile.ts")).reconcile(options))

program
  .command("replay")
  .description("hand stored events to one consumer again")
  .requiredOption("--to <name>", "a view, a projection, trackAndTrace, or an automation by its name")
  .option("--aggregate <name>", "events of this aggregate only")
  .option("--type <event>", "events of this type only")
  .option("--from <time>", "events since this ISO time")
  .option("--until <time>", "events before this ISO time")
  .action(async options => (await import("./replay.ts")).replay(options))

program
  .command("build-console")
  .description("build the console for a deployment")
  .action(async () => {
    const { buildConsole, consoleFolder } = await import("./console.ts")
    const root = process.env.FOLDLINE_ROOT ?? process.cwd()
    await buildConsole(root, line => console.log(line))
    console.log(consoleFolder(root))
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CliError) && process.env.DEBUG) throw error
  console.error(`foldline: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
