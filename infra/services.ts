import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager"
import { CfnOutput, Fn, SecretValue, type Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import { type App, servicesOf } from "../src/core/manifest.ts"
import { pascalCase } from "../src/model/names.ts"
import { excuse } from "./excuse.ts"
import { keep } from "./keep.ts"

const exportName = (stack: Stack, service: string) => `${stack.stackName}-Service${pascalCase(service)}Arn`

/** Where the services outside are and how they are asked: a secret for each, which the operator fills in. */
export class Services extends Construct {
  constructor(stack: Stack, id: string, { app }: { readonly app: App }) {
    super(stack, id)
    for (const { name, description } of servicesOf(app)) {
      const logicalId = `Service${pascalCase(name)}`
      const secret = new secretsmanager.Secret(this, name, {
        description: `${description} JSON with its url and key`,
        secretObjectValue: { url: SecretValue.unsafePlainText(""), key: SecretValue.unsafePlainText("") },
      })
      keep(secret, logicalId)
      excuse(secret, "AwsSolutions-SMG4", "The service outside rotates its own keys; the operator enters them.")
      new CfnOutput(stack, `Export${logicalId}Arn`, {
        value: secret.secretArn,
        exportName: exportName(stack, name),
      })
    }
  }
}

/** ARN of a service's secret, as a reference for another stack. */
export const importService = (stack: Stack, service: string): string => Fn.importValue(exportName(stack, service))
