import type { Host, Service } from "../host.ts"
import { rolePrincipal } from "../lambda/function.ts"
import { openCheckpoints } from "../lambda/mappings/checkpoints.ts"
import { actionsNeeded } from "../lambda/mappings/mappings.ts"
import { createQueuePoller } from "../lambda/mappings/queuePoller.ts"
import { createStreamPoller, type Poller } from "../lambda/mappings/streamPoller.ts"
import { createDelivery } from "./deliver.ts"
import { describePipe, type Pipe, pipeProblem } from "./pipe.ts"

/** EventBridge Pipes from queues and table streams, through an enriching function or state machine, to functions, state machines, queues, topics, buses and log groups. */
export function createPipesService(host: Host): Service {
  const checkpoints = openCheckpoints(host, "pipes")
  const pipes: Pipe[] = []
  const pollers: Poller[] = []

  const begin = (pipe: Pipe): void => {
    const { mapping } = pipe
    for (const action of actionsNeeded[mapping.source])
      host.iam.authorize(rolePrincipal(pipe), action, mapping.sourceArn)
    const run = createDelivery(host, pipe)
    const poller =
      mapping.source === "sqs"
        ? createQueuePoller(host, mapping, run)
        : createStreamPoller(host, mapping, pipe, run, checkpoints)
    pollers.push(poller)
    poller.start()
  }

  return {
    name: "pipes",
    signingNames: [],
    resources: {
      "AWS::Pipes::Pipe": {
        honours: [
          "Name",
          "RoleArn",
          "Source",
          "SourceParameters.FilterCriteria",
          "SourceParameters.SqsQueueParameters",
          "SourceParameters.DynamoDBStreamParameters",
          "Enrichment",
          "EnrichmentParameters.InputTemplate",
          "Target",
          "TargetParameters.InputTemplate",
          "TargetParameters.LambdaFunctionParameters",
          "TargetParameters.StepFunctionStateMachineParameters",
          "TargetParameters.SqsQueueParameters.MessageGroupId",
          "TargetParameters.EventBridgeEventBusParameters",
          "DesiredState",
        ],
        indifferent: ["Description", "Tags", "LogConfiguration", "KmsKeyIdentifier"],
        create: resource => {
          const problem = pipeProblem(resource)
          if (problem !== undefined) {
            host.log.warn("pipes", `${resource.logicalId} is left out: ${problem}`)
            return { ref: resource.physicalName }
          }
          const pipe = describePipe(host, resource)
          pipes.push(pipe)
          return { ref: pipe.name, attributes: { Arn: pipe.arn, CurrentState: pipe.isRunning ? "RUNNING" : "STOPPED" } }
        },
      },
    },
    start: () => {
      for (const pipe of pipes) if (pipe.isRunning) begin(pipe)
    },
    stop: async () => {
      for (const poller of pollers) poller.stop()
      checkpoints.close()
    },
  }
}
