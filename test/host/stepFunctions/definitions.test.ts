import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn"
import { describe, expect, test } from "vitest"
import { startHost } from "../../../src/host/start.ts"
import { hostWith } from "../shell/localHost.ts"
import { arnOf, everything, express, machine, machineHost, run, runSync, sfnOf, single } from "./machineHost.ts"

const greet = {
  Comment: "greets",
  StartAt: "Greet",
  States: { Greet: { Type: "Pass", Result: "hello", ResultPath: "$.said", End: true } },
}
const account = "arn:aws:states:eu-west-1:123456789012"
const substituted = (name: string) => `\${${name}}`

describe("a definition", () => {
  const definition = {
    StartAt: "A",
    States: { A: { Type: "Pass", Result: { who: substituted("Who"), line: substituted("Line") }, End: true } },
  }

  test("has its substitutions put in, also when they need escapes, and may lie in a file beside the template", async () => {
    const folder = mkdtempSync(join(tmpdir(), "machines-"))
    writeFileSync(join(folder, "flow.asl.json"), JSON.stringify(definition))
    const DefinitionSubstitutions = { Who: "Ada", Line: 'a "quoted"\nline' }
    const given = { RoleArn: arnOf("Role"), StateMachineType: "EXPRESS", DefinitionSubstitutions }
    const of = (more: object) => ({ Type: "AWS::StepFunctions::StateMachine", Properties: { ...given, ...more } })
    const Resources = {
      Role: everything,
      FromFile: of({ DefinitionS3Location: { Bucket: "assets", Key: "flow.asl.json" } }),
      FromText: of({ DefinitionString: JSON.stringify(definition) }),
      FromObject: of({ Definition: definition }),
      Shown: {
        Type: "AWS::SSM::Parameter",
        Properties: { Name: { "Fn::GetAtt": ["FromText", "Name"] }, Type: "String", Value: "x" },
      },
    }
    writeFileSync(join(folder, "app.json"), JSON.stringify({ Resources }))
    const running = await startHost({ template: join(folder, "app.json"), port: 0 })
    for (const name of ["FromFile", "FromText", "FromObject"])
      expect(await runSync(running, name)).toEqual({
        status: "SUCCEEDED",
        output: { who: "Ada", line: DefinitionSubstitutions.Line },
      })
    expect(running.local.resources["app.FromText"]).toBe(
      `${account}:stateMachine:${running.local.resources["app.Shown"]}`,
    )
    await running.stop()
  })

  test.each([
    [
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next",
      { StartAt: "A", States: { A: { Type: "Pass", Next: "B" } } },
    ],
    ["exactly one of Next and End is required at /States/A", { StartAt: "A", States: { A: { Type: "Pass" } } }],
    ["MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B", { StartAt: "B", States: { A: { Type: "Succeed" } } }],
    [
      "there is no comparison NumericIs",
      { StartAt: "A", States: { A: { Type: "Choice", Choices: [{ Variable: "$", NumericIs: 1, Next: "A" }] } } },
    ],
    ["is invalid", { QueryLanguage: "JSONata", ...single({ Type: "Pass", Output: "{% 1 + %}" }) }],
    ["Invalid option", { StartAt: "A", States: { A: { Type: "Pas", End: true } } }],
  ])("that is invalid ends the start: %s", async (problem, invalid) => {
    const started = hostWith({ Role: everything, Flow: machine(invalid) })
    await expect(started).rejects.toThrow("Invalid State Machine Definition: '")
    await expect(hostWith({ Role: everything, Flow: machine(invalid) })).rejects.toThrow(problem)
  })

  test("of an Express state machine has no tasks that wait", async () => {
    const flow = express(single({ Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken" }))
    await expect(hostWith({ Role: everything, Flow: flow })).rejects.toThrow(
      "Express state machines have no arn:aws:states:::sqs",
    )
  })

  test("with a task that the host does not know starts, is named, and fails there", async () => {
    const lines: string[] = []
    const Flow = machine(single({ Type: "Task", Resource: "arn:aws:states:::glue:startJobRun.sync" }))
    const running = await machineHost({ Flow }, { print: line => lines.push(line) })
    expect(lines.join("\n")).toContain(
      "Flow/States/S: this host has no task arn:aws:states:::glue:startJobRun.sync, so the state fails",
    )
    expect(await run(running, "Flow")).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: expect.stringContaining("glue:startJobRun.sync"),
    })
    await running.stop()
  })

  test("can be validated by a call", async () => {
    const running = await machineHost({ Flow: machine(greet) })
    const validate = (definition: object) =>
      sfnOf(running).send(new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }))
    expect(await validate(greet)).toMatchObject({ result: "OK", diagnostics: [] })
    const bad = await validate({ StartAt: "A", States: {} })
    expect(bad).toMatchObject({
      result: "FAIL",
      diagnostics: [{ severity: "ERROR", code: "MISSING_TRANSITION_TARGET" }],
    })
    await running.stop()
  })
})
