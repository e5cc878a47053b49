import { Code } from "aws-cdk-lib/aws-lambda"
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib/core"
import type { Construct } from "constructs"
import type { App } from "../src/core/manifest.ts"
import { accessTo } from "./access.ts"
import { Caretaker } from "./caretaker.ts"
import { ConsoleHosting } from "./consoleHosting.ts"
import { DomainBehavior } from "./domainBehavior.ts"
import { EventFanout } from "./eventFanout.ts"
import { type ApiModel, GraphqlApi } from "./graphqlApi.ts"
import { importJoint } from "./joint.ts"
import { routesOf } from "./manifests.ts"
import { Notifier } from "./notifier.ts"
import { Observability } from "./observability.ts"
import { ProjectionEngine } from "./projectionEngine.ts"
import { RestApi } from "./restApi.ts"
import type { RoomProps } from "./room.ts"
import type { StatefulStack } from "./statefulStack.ts"
import { Timers } from "./timers.ts"
import { TrackAndTrace } from "./trackAndTrace.ts"
import { ViewUpdater } from "./viewUpdater.ts"

export interface StatelessStackProps extends StackProps {
  readonly app: App
  readonly model: ApiModel
  readonly stateful: StatefulStack
  /** Folder of a function's bundle, by the name of its entry. */
  readonly bundle: (entry: string) => string
  /** Epoch seconds at which the API key ends. */
  readonly apiKeyExpires: number
  readonly alarmMail?: string
  /** The built console. */
  readonly consoleFolder: string
  /** The console's own domain, and its certificate in us-east-1. */
  readonly consoleDomain?: { readonly name: string; readonly certificateArn: string }
}

/** What can be made anew at any time: the API, the functions, the rules between them, what watches them, and the console. */
export class StatelessStack extends Stack {
  constructor(scope: Construct, id: string, props: StatelessStackProps) {
    const { app, model, stateful, bundle, apiKeyExpires, alarmMail, consoleFolder, consoleDomain, ...stackProps } =
      props
    super(scope, id, stackProps)
    this.addStackDependency(stateful)
    const joint = importJoint(stateful)
    const room: RoomProps = {
      defaults: { code: entry => Code.fromAsset(bundle(entry)), deadLettersArn: joint.DeadLettersArn },
      access: accessTo(this, joint, stateful),
      busName: joint.BusName,
    }
    const outboxStreamArn = joint.OutboxStreamArn

    const { engine } = new ProjectionEngine(this, "ProjectionEngine", { app, ...room })
    const api = new GraphqlApi(this, "GraphqlApi", { definition: model.schema, joint, apiKeyExpires })
    const behaviors = app.contexts.map(
      context => new DomainBehavior(this, `DomainBehavior-${context.name}`, { context, ...room }),
    )
    const { publisher } = new EventFanout(this, "EventFanout", { outboxStreamArn, ...room })
    const { writer } = new ViewUpdater(this, "ViewUpdater", { outboxStreamArn, api, ...room })
    const timers = new Timers(this, "Timers", { busName: joint.BusName, deadLettersArn: joint.DeadLettersArn }).target
    for (const automation of app.contexts.flatMap(({ automations }) => automations))
      new Notifier(this, `Notifier-${automation.name}`, { app, automation, api, timers, ...room })
    const rest = routesOf(app).length === 0 ? undefined : new RestApi(this, "RestApi", { app, ...room })
    new TrackAndTrace(this, "TrackAndTrace", { api, ...room })
    const { caretaker } = new Caretaker(this, "Caretaker", {
      lettersArn: joint.DeadLettersArn,
      unhandledArn: joint.UnhandledLettersArn,
      outboxStreamArn,
      deciders: behaviors.map(({ decider }) => decider.function),
      api,
      ...room,
    })
    api.answerBy({ model, joint, engine: engine.function, caretaker: caretaker.function })
    new Observability(this, "Observability", {
      joint,
      apiId: api.apiId,
      streamReaders: [publisher, writer],
      ...(alarmMail === undefined ? {} : { alarmMail }),
    })
    new ConsoleHosting(this, "Console", {
      folder: consoleFolder,
      backend: {
        graphqlUrl: api.graphqlUrl,
        realtimeUrl: api.realtimeUrl,
        region: this.region,
        userPoolId: joint.UserPoolId,
        clientId: joint.UserPoolClientId,
      },
      ...(consoleDomain === undefined ? {} : { domain: consoleDomain }),
    })
    this.addOutputs({
      GraphQLUrl: api.graphqlUrl,
      RealtimeUrl: api.realtimeUrl,
      ApiKeyId: api.apiKeyId,
      UserPoolId: joint.UserPoolId,
      UserPoolClientId: joint.UserPoolClientId,
      ...(rest === undefined ? {} : { RestUrl: rest.url }),
    })
  }

  private addOutputs(outputs: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value })
  }
}
