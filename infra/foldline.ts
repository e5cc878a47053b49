import { type AppProps, Aspects, App as CdkApp, Tags } from "aws-cdk-lib/core"
import type { App } from "../src/core/manifest.ts"
import type { ApiModel } from "./graphqlApi.ts"
import { resourceBudget } from "./resourceBudget.ts"
import { StatefulStack } from "./statefulStack.ts"
import { StatelessStack } from "./statelessStack.ts"

export interface FoldlineProps {
  /** Prefix of the stacks' names; stored in deployed stacks. Default `Foldline`. */
  readonly name?: string
  readonly app: App
  readonly model: ApiModel
  /** Folder of a function's bundle, by the name of its entry. */
  readonly bundle: (entry: string) => string
  /** The built console. */
  readonly consoleFolder: string
  /** Decides when the API key ends. */
  readonly today: Date
  /**
   * Settings of the CDK app. Its context may name `mailSender`, the address that mails are sent from, `alarmMail`, who is told of
   * alarms, and `consoleDomain` with `consoleCertificate`, the ARN of the domain's certificate in us-east-1.
   */
  readonly cdk?: AppProps
}

/** Both stacks of an app, for any account and region. */
export interface Foldline {
  readonly cdk: CdkApp
  readonly stateful: StatefulStack
  readonly stateless: StatelessStack
}

/** Builds the stacks of an app from its manifests. */
export function foldline(props: FoldlineProps): Foldline {
  const { name = "Foldline", app, model, bundle, consoleFolder, today } = props
  const cdk = new CdkApp({
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    builtinCloudFormationValidation: false,
    ...props.cdk,
  })
  const mailSender: string = cdk.node.tryGetContext("mailSender") ?? "no-reply@example.com"
  const alarmMail: string | undefined = cdk.node.tryGetContext("alarmMail")
  const consoleDomain: string | undefined = cdk.node.tryGetContext("consoleDomain")
  const certificateArn: string | undefined = cdk.node.tryGetContext("consoleCertificate")
  if ((consoleDomain === undefined) !== (certificateArn === undefined))
    throw new Error("consoleDomain and consoleCertificate go together")
  const statelessName = `${name}Stateless`
  const stateful = new StatefulStack(cdk, `${name}Stateful`, { app, mailSender, statelessName })
  const stateless = new StatelessStack(cdk, statelessName, {
    app,
    model,
    stateful,
    bundle,
    consoleFolder,
    apiKeyExpires: apiKeyExpires(today),
    ...(alarmMail === undefined ? {} : { alarmMail }),
    ...(consoleDomain === undefined || certificateArn === undefined
      ? {}
      : { consoleDomain: { name: consoleDomain, certificateArn } }),
  })
  Tags.of(cdk).add("application", name.toLowerCase())
  Aspects.of(cdk).add(resourceBudget)
  return { cdk, stateful, stateless }
}

/** AppSync keeps a key for at most 365 days; the first of a month keeps the template the same for a month. */
const apiKeyExpires = (today: Date) => Date.UTC(today.getUTCFullYear() + 1, today.getUTCMonth(), 1) / 1_000
