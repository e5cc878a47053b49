import * as apigateway from "aws-cdk-lib/aws-apigatewayv2"
import * as lambda from "aws-cdk-lib/aws-lambda"
import * as logs from "aws-cdk-lib/aws-logs"
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import { type Hook, hookPath } from "../src/core/hook.ts"
import type { App } from "../src/core/manifest.ts"
import { excuse } from "./excuse.ts"
import { hooksOf, routesOf } from "./manifests.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

/** What an access log tells of a request; never a header, which may hold a key. */
const logged = {
  requestId: "$context.requestId",
  routeKey: "$context.routeKey",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
}

/** The REST API of the contexts that offer one: one function answers every route, another tells whose key it is. */
export class RestApi extends Construct {
  readonly url: string

  constructor(scope: Construct, id: string, { app, ...room }: RoomProps & { readonly app: App }) {
    super(scope, id)
    const { access, defaults } = room
    const answerer = new RoomFunction(this, "Answerer", {
      defaults,
      entry: "restApi",
      description: "Answers the REST API from views, and from the outcomes of commands",
      access: [access.bus(), access.idempotency("GetItem"), access.trace("GetItem"), access.views("Query")],
    })
    const authorizer = new RoomFunction(this, "Authorizer", {
      defaults,
      entry: "authorizer",
      description: "Tells the REST API whose key a request carries",
      timeout: Duration.seconds(10),
      access: [access.bus(), access.views("GetItem")],
    })

    const { stackName } = Stack.of(this)
    const api = new apigateway.CfnApi(this, "Api", {
      name: `${stackName}-rest`,
      protocolType: "HTTP",
      description: "The API for programs",
    })
    const log = new logs.LogGroup(this, "AccessLog", {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    new apigateway.CfnStage(this, "Stage", {
      apiId: api.ref,
      stageName: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: log.logGroupArn, format: JSON.stringify(logged) },
    })
    const integration = new apigateway.CfnIntegration(this, "Integration", {
      apiId: api.ref,
      integrationType: "AWS_PROXY",
      integrationUri: answerer.function.functionArn,
      payloadFormatVersion: "2.0",
    })
    // Without an identity source nothing is kept: a revoked key must stop at once, and a request without one gets a readable answer.
    const guard = new apigateway.CfnAuthorizer(this, "Guard", {
      apiId: api.ref,
      name: "keys",
      authorizerType: "REQUEST",
      authorizerUri: invocationUri(this, authorizer.function),
      authorizerPayloadFormatVersion: "2.0",
      enableSimpleResponses: true,
      authorizerResultTtlInSeconds: 0,
    })
    for (const routeKey of routesOf(app))
      new apigateway.CfnRoute(this, routeKey.replaceAll("/", "."), {
        apiId: api.ref,
        routeKey,
        target: `integrations/${integration.ref}`,
        authorizationType: "CUSTOM",
        authorizerId: guard.ref,
      })
    const hooks = hooksOf(app)
    const listener = hooks.length === 0 ? undefined : this.listener(hooks, api, room)
    for (const [name, room] of Object.entries({ answerer, authorizer, ...(listener ? { listener } : {}) }))
      new lambda.CfnPermission(this, `${name}Permission`, {
        action: "lambda:InvokeFunction",
        functionName: room.function.functionArn,
        principal: "apigateway.amazonaws.com",
        sourceArn: Stack.of(this).formatArn({ service: "execute-api", resource: api.ref, resourceName: "*" }),
      })
    this.url = api.attrApiEndpoint
  }

  /** Hears what services outside tell; each notice is signed by its service, and nobody else may sign. */
  private listener(hooks: readonly Hook[], api: apigateway.CfnApi, { access, defaults }: RoomProps): RoomFunction {
    const listener = new RoomFunction(this, "Listener", {
      defaults,
      entry: "stripeHook",
      description: "Hears what services outside tell",
      access: [access.bus(), access.views("GetItem"), ...hooks.map(({ service }) => access.service(service))],
    })
    const integration = new apigateway.CfnIntegration(this, "Hooks", {
      apiId: api.ref,
      integrationType: "AWS_PROXY",
      integrationUri: listener.function.functionArn,
      payloadFormatVersion: "2.0",
    })
    for (const hook of hooks) {
      const route = new apigateway.CfnRoute(this, `Hook-${hook.service.name}`, {
        apiId: api.ref,
        routeKey: `POST ${hookPath(hook)}`,
        target: `integrations/${integration.ref}`,
        authorizationType: "NONE",
      })
      excuse(route, "AwsSolutions-APIG4", "The function checks the signature of each notice.")
    }
    return listener
  }
}

const invocationUri = (scope: Construct, { functionArn }: lambda.IFunction) => {
  const { partition, region } = Stack.of(scope)
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
}
