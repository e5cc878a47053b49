import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith, roleWith } from "../shell/localHost.ts"

export const arnOf = (name: string, attribute = "Arn") => ({ "Fn::GetAtt": [name, attribute] })

/** A state machine whose role is the resource `Role`. */
export const machine = (definition: JsonObject, more: JsonObject = {}): JsonObject => ({
  Type: "AWS::StepFunctions::StateMachine",
  Properties: { RoleArn: arnOf("Role"), Definition: definition, ...more },
})

export const express = (definition: JsonObject): JsonObject => machine(definition, { StateMachineType: "EXPRESS" })

/** A machine of one state, which is its last. */
export const single = (state: JsonObject): JsonObject => ({ StartAt: "S", States: { S: { End: true, ...state } } })

export const everything = roleWith({ Effect: "Allow", Action: "*", Resource: "*" })

/** A host with these resources and a role that may do everything. */
export const machineHost = (resources: JsonObject, options: Parameters<typeof hostWith>[1] = {}) =>
  hostWith({ Role: everything, ...resources }, options)

export const sfnOf = (running: RunningHost, role?: string) =>
  new SFNClient({ ...clientOf(running, role), disableHostPrefix: true })

export interface Ended {
  readonly status: string | undefined
  readonly output?: Json
  readonly error?: string
  readonly cause?: string
}

interface Described {
  readonly status?: string | undefined
  readonly output?: string | undefined
  readonly error?: string | undefined
  readonly cause?: string | undefined
}

const told = ({ status, output, error, cause }: Described): Ended => ({
  status,
  ...(output !== undefined && { output: JSON.parse(output) }),
  ...(error !== undefined && { error }),
  ...(cause !== undefined && { cause }),
})

/** Runs an Express machine and waits for its end. */
export async function runSync(running: RunningHost, name: string, input: Json = {}): Promise<Ended> {
  const stateMachineArn = running.local.resources[`app.${name}`]
  return told(
    await sfnOf(running).send(new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) })),
  )
}

/** Starts a machine; gives the execution's ARN. */
export async function start(
  running: RunningHost,
  machineName: string,
  input: Json = {},
  name?: string,
): Promise<string> {
  const stateMachineArn = running.local.resources[`app.${machineName}`]
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name })
  return (await sfnOf(running).send(command)).executionArn ?? ""
}

/** Waits for the end of a Standard execution. */
export async function ended(running: RunningHost, executionArn: string): Promise<Ended> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const execution = await sfnOf(running).send(new DescribeExecutionCommand({ executionArn }))
    if (execution.status !== "RUNNING") return told(execution)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`${executionArn} does not end`)
}

/** Starts a Standard machine and waits for the execution's end. */
export const run = async (running: RunningHost, machineName: string, input: Json = {}) =>
  ended(running, await start(running, machineName, input))

/** The name of an integration, and a machine of one task. */
export const states = (integration: string) => `arn:aws:states:::${integration}`
export const task = (Resource: Json, more: JsonObject = {}) => single({ Type: "Task", Resource, ...more })
/** A table by `id`. */
export const table: JsonObject = {
  Type: "AWS::DynamoDB::Table",
  Properties: {
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  },
}
