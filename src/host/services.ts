import { createStacks } from "./cloudformation/service.ts"
import type { Host } from "./host.ts"
import { createIamService } from "./iam/service.ts"
import { createCustomResources } from "./services/customResources.ts"
import { createKmsService } from "./services/kms.ts"
import { createMailboxService } from "./services/mailbox.ts"
import { createParameterStore } from "./services/parameterStore.ts"
import { createS3Service } from "./services/s3.ts"
import { createSecretsService } from "./services/secrets.ts"
import { createSnsService } from "./services/sns.ts"
import { createStsService } from "./services/sts.ts"
import { createTelemetryService } from "./services/telemetry.ts"

/** Makes every service of the host, by name. The larger ones are loaded side by side. */
export async function createServices(host: Host) {
  const [
    dynamodb,
    sqs,
    lambda,
    events,
    scheduler,
    cognito,
    cognitoIdentity,
    appsync,
    restApis,
    apiGateway,
    pipes,
    stepFunctions,
  ] = await Promise.all([
    import("./dynamodb/service.ts"),
    import("./sqs/service.ts"),
    import("./lambda/service.ts"),
    import("./events/service.ts"),
    import("./scheduler/service.ts"),
    import("./cognito/service.ts"),
    import("./cognitoIdentity/service.ts"),
    import("./appsync/service.ts"),
    import("./apiGateway/rest/service.ts"),
    import("./apiGateway/service.ts"),
    import("./pipes/service.ts"),
    import("./stepFunctions/service.ts"),
  ])
  return {
    iam: createIamService(host),
    kms: createKmsService(host),
    secrets: createSecretsService(host),
    parameterStore: createParameterStore(host),
    stacks: createStacks(host),
    sts: createStsService(host),
    telemetry: createTelemetryService(),
    mailbox: createMailboxService(host),
    sns: createSnsService(host),
    s3: createS3Service(host),
    dynamodb: dynamodb.createDynamoDbService(host),
    queues: sqs.createSqsService(host),
    lambda: lambda.createLambdaService(host),
    customResources: createCustomResources(host),
    buses: events.createEventsService(host),
    scheduler: scheduler.createSchedulerService(host),
    userPools: cognito.createCognitoService(host),
    identityPools: cognitoIdentity.createCognitoIdentityService(host),
    appsync: appsync.createAppSyncService(host),
    // Before HTTP APIs, of which an only one answers at the host's own paths.
    restApis: restApis.createRestApiService(host),
    apiGateway: apiGateway.createApiGatewayService(host),
    pipes: pipes.createPipesService(host),
    stateMachines: stepFunctions.createStepFunctionsService(host),
  }
}

export type Services = Awaited<ReturnType<typeof createServices>>
