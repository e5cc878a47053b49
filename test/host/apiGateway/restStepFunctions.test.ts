import { PassthroughBehavior, RestApi, StepFunctionsIntegration } from "aws-cdk-lib/aws-apigateway"
import { ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { DefinitionBody, Pass, StateMachine, StateMachineType } from "aws-cdk-lib/aws-stepfunctions"
import { expect, test } from "vitest"
import { objectOf } from "../../../src/host/json.ts"
import { hostWith } from "../shell/localHost.ts"
import { functionWith, region, synthesized, synthTimeoutMs } from "./restApps.ts"

test(
  "CDK's template for starting a state machine makes the input of the execution",
  async () => {
    const resources = synthesized(stack => {
      const definitionBody = DefinitionBody.fromChainable(new Pass(stack, "Pass"))
      const machine = new StateMachine(stack, "Machine", { stateMachineType: StateMachineType.EXPRESS, definitionBody })
      const options = {
        passthroughBehavior: PassthroughBehavior.NEVER,
        headers: true,
        authorizer: true,
        requestContext: { stage: true, caller: true },
      }
      const integration = StepFunctionsIntegration.startExecution(machine, options)
      new RestApi(stack, "Api").root.addResource("{id}").addMethod("POST", integration)
      const shown = functionWith(stack, "Shown", "exports.handler = async event => ({ output: JSON.stringify(event) })")
      shown.grantInvoke(new ServicePrincipal("apigateway.amazonaws.com"))
    })
    // A function takes the place of the state machine, and shows what comes.
    const [name = ""] = Object.keys(resources).filter(id => /^Shown(?!ServiceRole)/.test(id))
    for (const resource of Object.values(resources).map(objectOf)) {
      const integration = objectOf(objectOf(resource.Properties).Integration)
      if (JSON.stringify(integration.Uri ?? "").includes("states:action")) {
        const uri = `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`
        integration.Uri = { "Fn::Sub": uri }
        delete integration.Credentials
      }
    }
    const running = await hostWith(resources, { region })
    const answer = await fetch(`${running.local.restUrl}/7?page=2`, {
      method: "POST",
      headers: { "content-type": "application/json", "X-Own": `say "me"` },
      body: '{"a":["it\'s"]}',
    })
    const { stateMachineArn, input } = JSON.parse(await answer.text())
    expect(stateMachineArn).toMatch(/^arn:aws:states:/)
    expect(JSON.parse(input)).toMatchObject({
      body: { a: ["it's"] },
      header: { "X-Own": `say "me"` },
      querystring: { page: "2" },
      path: { id: "7" },
      authorizer: {},
      requestContext: { stage: "prod", caller: "" },
    })
    await running.stop()
  },
  synthTimeoutMs,
)
