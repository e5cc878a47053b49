import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { z } from "zod"
import { parseYaml } from "../cloudformation/yaml.ts"
import type { Host, Json, ResourceProvider, ResourceRequest } from "../host.ts"
import { parseProperties } from "../lambda/function.ts"
import { allStates, readDefinition } from "./check.ts"
import { type StateMachines, stateMachineArn } from "./registry.ts"
import type { Call } from "./surroundings.ts"

const Properties = z.object({
  StateMachineName: z.string().optional(),
  StateMachineType: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: z.union([z.record(z.string(), z.json()), z.string()]).optional(),
  DefinitionS3Location: z.object({ Bucket: z.string(), Key: z.string() }).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
})

const AliasProperties = z.object({
  Name: z.string(),
  RoutingConfiguration: z.array(z.object({ StateMachineVersionArn: z.string() })).default([]),
  DeploymentPreference: z.object({ StateMachineVersionArn: z.string() }).optional(),
})

/** The providers of state machines, their versions and aliases. */
export function stateMachineResources(
  host: Host,
  machines: StateMachines,
  callOf: (resource: string) => Promise<Call | undefined>,
): Record<string, ResourceProvider> {
  const versions = new Map<string, number>()
  return {
    "AWS::StepFunctions::StateMachine": {
      honours: Object.keys(Properties.shape),
      indifferent: ["LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration", "Tags"],
      create: async resource => {
        const properties = parseProperties(Properties, resource)
        const name = properties.StateMachineName ?? resource.physicalName.slice(0, 80)
        const text = definitionText(host, resource, properties)
        const definition = readDefinition(text, properties.StateMachineType)
        for (const [place, state] of allStates(definition)) {
          const note = (what: string) => host.log.warn("stepFunctions", `${resource.logicalId}${place}: ${what}`)
          const warn = (what: string) => note(`this host has no ${what}, so the state fails`)
          if (state.Credentials !== undefined) note("Credentials have no effect: its role is the state machine's")
          if (state.Type === "Task" && (await callOf(state.Resource ?? "")) === undefined)
            warn(`task ${state.Resource}`)
          if (state.ItemReader !== undefined) warn("ItemReader")
          if (state.ResultWriter !== undefined) warn("ResultWriter")
        }
        const arn = stateMachineArn(host, name)
        const revisionId = createHash("sha256").update(text).digest("hex").slice(0, 32)
        const createdAt = host.clock.now()
        const { RoleArn: roleArn, StateMachineType: type } = properties
        machines.add({ arn, name, type, roleArn, definition, text, revisionId, createdAt })
        return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } }
      },
    },
    "AWS::StepFunctions::StateMachineVersion": {
      honours: ["StateMachineArn"],
      indifferent: ["StateMachineRevisionId", "Description"],
      create: ({ properties }) => {
        const machineArn = String(properties.StateMachineArn)
        const version = (versions.get(machineArn) ?? 0) + 1
        versions.set(machineArn, version)
        const arn = `${machineArn}:${version}`
        machines.addQualified(arn)
        return { ref: arn, attributes: { Arn: arn } }
      },
    },
    "AWS::StepFunctions::StateMachineAlias": {
      honours: ["Name", "RoutingConfiguration", "DeploymentPreference.StateMachineVersionArn"],
      indifferent: ["Description", "DeploymentPreference"],
      create: resource => {
        const { Name, RoutingConfiguration, DeploymentPreference } = parseProperties(AliasProperties, resource)
        const version = DeploymentPreference?.StateMachineVersionArn ?? RoutingConfiguration[0]?.StateMachineVersionArn
        if (version === undefined) throw new Error("the alias names no version")
        const arn = `${version.slice(0, version.lastIndexOf(":"))}:${Name}`
        machines.addQualified(arn)
        return { ref: arn, attributes: { Arn: arn } }
      },
    },
  }
}

function definitionText(
  host: Host,
  { properties: given }: ResourceRequest,
  properties: z.infer<typeof Properties>,
): string {
  const { DefinitionString, Definition, DefinitionS3Location, DefinitionSubstitutions } = properties
  const text = DefinitionString ?? (Definition === undefined ? undefined : asJson(Definition)) ?? readFile()
  return text.replace(/\$\{([\w]+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(DefinitionSubstitutions, name)) return whole
    // Inside of a JSON text: what is put there may hold quotes and new lines.
    return JSON.stringify(DefinitionSubstitutions[name]).slice(1, -1)
  })

  function readFile(): string {
    if (DefinitionS3Location === undefined)
      throw new Error("one of DefinitionString, Definition and DefinitionS3Location is required")
    const path = host.assets.resolve(DefinitionS3Location.Bucket, DefinitionS3Location.Key)
    const read = readFileSync(path, "utf8")
    return /\.ya?ml$/.test(path) ? JSON.stringify(parseYaml(read)) : read
  }

  function asJson(definition: Json): string {
    return typeof definition === "string" ? definition : JSON.stringify(given.Definition)
  }
}
