import { queryOperations } from "../endpoint/operations.ts"
import type { XmlValue } from "../endpoint/xml.ts"
import { type AwsCall, AwsError, type Host, type Service } from "../host.ts"
import type { DeployedResource } from "./deployedResource.ts"
import type { DeployedStack } from "./deployedStack.ts"

/** What calls can read of the stacks: CloudFormation changes nothing here. */
export interface Stacks extends Service {
  /** Shows what was deployed from then on. */
  show(deployed: Deployed): void
}

interface Deployed {
  readonly stacks: readonly DeployedStack[]
  readonly resources: readonly DeployedResource[]
}

const namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
const status = "CREATE_COMPLETE"
const notChecked = { StackDriftStatus: "NOT_CHECKED" }

/** The stacks of the host, their outputs and resources, as tests and tools look them up. */
export function createStacks(host: Host): Stacks {
  let shown: Deployed = { stacks: [], resources: [] }
  const startedAt = new Date(host.clock.now()).toISOString()

  const stackNamed = (input: URLSearchParams, { operation, principal }: AwsCall): DeployedStack => {
    const given = input.get("StackName") ?? ""
    const stack = shown.stacks.find(({ name, arn }) => name === given || arn === given)
    const unknownArn = `arn:aws:cloudformation:${host.region}:${host.accountId}:stack/${given}/*`
    host.iam.authorize(principal, `cloudformation:${operation}`, stack?.arn ?? unknownArn)
    if (stack === undefined) throw new AwsError("ValidationError", `Stack with id ${given} does not exist`)
    return stack
  }

  const all = ({ operation, principal }: AwsCall): Deployed => {
    host.iam.authorize(principal, `cloudformation:${operation}`, "*")
    return shown
  }

  const resourcesOf = ({ name }: DeployedStack) => shown.resources.filter(({ stackName }) => stackName === name)

  const describeStack = ({ name, arn, parameters, outputs }: DeployedStack): XmlValue => ({
    StackId: arn,
    StackName: name,
    CreationTime: startedAt,
    StackStatus: status,
    DisableRollback: false,
    EnableTerminationProtection: false,
    DriftInformation: notChecked,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Outputs: outputs.map(output => ({
      OutputKey: output.name,
      OutputValue: output.value,
      ExportName: output.exportName,
    })),
  })

  const describeResource = ({ logicalId, ref, type }: DeployedResource) => ({
    LogicalResourceId: logicalId,
    PhysicalResourceId: ref,
    ResourceType: type,
    ResourceStatus: status,
    DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
  })

  return {
    name: "cloudformation",
    signingNames: ["cloudformation"],
    show: deployed => {
      shown = deployed
    },

    handle: queryOperations(namespace, {
      DescribeStacks: (input, call) => {
        const stacks = input.has("StackName") ? [stackNamed(input, call)] : all(call).stacks
        return { Stacks: stacks.map(describeStack) }
      },

      ListStacks: (_, call) => ({
        StackSummaries: all(call).stacks.map(({ name, arn }) => ({
          StackId: arn,
          StackName: name,
          CreationTime: startedAt,
          StackStatus: status,
          DriftInformation: notChecked,
        })),
      }),

      DescribeStackResources: (input, call) => {
        const stack = stackNamed(input, call)
        const wanted = input.get("LogicalResourceId")
        const found = resourcesOf(stack).filter(({ logicalId }) => wanted === null || logicalId === wanted)
        const owner = { StackName: stack.name, StackId: stack.arn, Timestamp: startedAt }
        return { StackResources: found.map(resource => ({ ...owner, ...describeResource(resource) })) }
      },

      DescribeStackResource: (input, call) => {
        const stack = stackNamed(input, call)
        const wanted = input.get("LogicalResourceId") ?? ""
        const found = resourcesOf(stack).find(({ logicalId }) => logicalId === wanted)
        if (found === undefined)
          throw new AwsError("ValidationError", `Resource ${wanted} does not exist for stack ${stack.name}`)
        const owner = { StackName: stack.name, StackId: stack.arn, LastUpdatedTimestamp: startedAt }
        return { StackResourceDetail: { ...owner, ...describeResource(found) } }
      },

      ListStackResources: (input, call) => ({
        StackResourceSummaries: resourcesOf(stackNamed(input, call)).map(resource => ({
          ...describeResource(resource),
          LastUpdatedTimestamp: startedAt,
        })),
      }),

      ListExports: (_, call) => ({
        Exports: all(call).stacks.flatMap(({ arn, outputs }) =>
          outputs.flatMap(({ exportName, value }) =>
            exportName === undefined ? [] : { ExportingStackId: arn, Name: exportName, Value: value },
          ),
        ),
      }),
    }),
  }
}
