import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { z } from "zod"
import type { Host, ResourceProvider } from "../host.ts"
import { parseProperties } from "../lambda/function.ts"
import { stateMachineArn } from "./registry.ts"
import type { Room } from "./room.ts"

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
export function stateMachineResources(host: Host, open: () => Promise<Room>): Record<string, ResourceProvider> {
  const versions = new Map<string, number>()
  return {
    "AWS::StepFunctions::StateMachine": {
      honours: Object.keys(Properties.shape),
      indifferent: ["LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration", "Tags"],
      create: async resource => {
        const properties = parseProperties(Properties, resource)
        const name = properties.StateMachineName ?? resource.physicalName.slice(0, 80)
        const text = await definitionText(host, properties)
        const arn = stateMachineArn(host, name)
        const revisionId = createHash("sha256").update(text).digest("hex").slice(0, 32)
        const createdAt = host.clock.now()
        const { RoleArn: roleArn, StateMachineType: type } = properties
        const room = await open()
        await room.addStateMachine({ arn, name, type, roleArn, text, revisionId, createdAt }, resource.logicalId)
        return { ref: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId } }
      },
    },
    "AWS::StepFunctions::StateMachineVersion": {
      honours: ["StateMachineArn"],
      indifferent: ["StateMachineRevisionId", "Description"],
      create: async ({ properties }) => {
        const machineArn = String(properties.StateMachineArn)
        const version = (versions.get(machineArn) ?? 0) + 1
        versions.set(machineArn, version)
        const arn = `${machineArn}:${version}`
        const room = await open()
        room.addQualified(arn)
        return { ref: arn, attributes: { Arn: arn } }
      },
    },
    "AWS::StepFunctions::StateMachineAlias": {
      honours: ["Name", "RoutingConfiguration", "DeploymentPreference.StateMachineVersionArn"],
      indifferent: ["Description", "DeploymentPreference"],
      create: async resource => {
        const { Name, RoutingConfiguration, DeploymentPreference } = parseProperties(AliasProperties, resource)
        const version = DeploymentPreference?.StateMachineVersionArn ?? RoutingConfiguration[0]?.StateMachineVersionArn
        if (version === undefined) throw new Error("the alias names no version")
        const arn = `${version.slice(0, version.lastIndexOf(":"))}:${Name}`
        const room = await open()
        room.addQualified(arn)
        return { ref: arn, attributes: { Arn: arn } }
      },
    },
  }
}

async function definitionText(host: Host, properties: z.infer<typeof Properties>): Promise<string> {
  const { DefinitionString, Definition, DefinitionSubstitutions } = properties
  const written = typeof Definition === "object" ? JSON.stringify(Definition) : Definition
  const text = DefinitionString ?? written ?? (await definitionFile(host, properties))
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(DefinitionSubstitutions, name)) return whole
    // Inside of a JSON text: what is put there may hold quotes and new lines.
    return JSON.stringify(DefinitionSubstitutions[name]).slice(1, -1)
  })
}

async function definitionFile(host: Host, { DefinitionS3Location }: z.infer<typeof Properties>): Promise<string> {
  if (DefinitionS3Location === undefined)
    throw new Error("one of DefinitionString, Definition and DefinitionS3Location is required")
  const path = host.assets.resolve(DefinitionS3Location.Bucket, DefinitionS3Location.Key)
  const text = readFileSync(path, "utf8")
  if (!/\.ya?ml$/.test(path)) return text
  const { parseYaml } = await import("../cloudformation/yaml.ts")
  return JSON.stringify(parseYaml(text))
}
