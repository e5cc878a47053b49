import * as appsync from "aws-cdk-lib/aws-appsync"
import * as iam from "aws-cdk-lib/aws-iam"
import type { IFunction } from "aws-cdk-lib/aws-lambda"
import { type ArnComponents, Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { Joint } from "./joint.ts"
import { viewIndexes } from "./stores.ts"

/** What a pipeline function of the API can ask. */
export const dataSourceNames = [
  "ViewStore",
  "TraceTable",
  "IdempotencyStore",
  "Bus",
  "ProjectionEngine",
  "None",
] as const
export type DataSourceName = (typeof dataSourceNames)[number]

export interface DataSourcesProps {
  readonly apiId: string
  readonly joint: Joint
  /** Answers the queries that need computing. */
  readonly engine: IFunction
}

type Source = Omit<appsync.CfnDataSourceProps, "apiId" | "name" | "serviceRoleArn">

/** Where the API reads and writes, each with a role of its own that allows only that. */
export class DataSources extends Construct {
  private readonly apiId: string

  constructor(scope: Construct, id: string, { apiId, joint, engine }: DataSourcesProps) {
    super(scope, id)
    this.apiId = apiId
    this.table("ViewStore", joint.ViewStoreName, ["GetItem", "Query"], viewIndexes)
    this.table("TraceTable", joint.TraceTableName, ["GetItem", "Query", "PutItem"])
    this.table("IdempotencyStore", joint.IdempotencyStoreName, ["GetItem"])

    const busArn = this.arn({ service: "events", resource: "event-bus", resourceName: joint.BusName })
    this.source(
      "Bus",
      { type: "AMAZON_EVENTBRIDGE", eventBridgeConfig: { eventBusArn: busArn } },
      ["events:PutEvents"],
      [busArn],
    )
    this.source(
      "ProjectionEngine",
      { type: "AWS_LAMBDA", lambdaConfig: { lambdaFunctionArn: engine.functionArn } },
      ["lambda:InvokeFunction"],
      [engine.functionArn],
    )
    new appsync.CfnDataSource(this, "None", { apiId, name: "None", type: "NONE" })
  }

  private table(
    name: DataSourceName,
    tableName: string,
    operations: readonly string[],
    indexes: readonly string[] = [],
  ) {
    const arn = this.arn({ service: "dynamodb", resource: "table", resourceName: tableName })
    const source = { type: "AMAZON_DYNAMODB", dynamoDbConfig: { tableName, awsRegion: Stack.of(this).region } }
    const actions = operations.map(operation => `dynamodb:${operation}`)
    this.source(name, source, actions, [arn, ...indexes.map(index => `${arn}/index/${index}`)])
  }

  private source(name: DataSourceName, source: Source, actions: readonly string[], resources: readonly string[]) {
    const access = new iam.PolicyStatement({ actions: [...actions], resources: [...resources] })
    const role = new iam.Role(this, `${name}Role`, {
      assumedBy: new iam.ServicePrincipal("appsync.amazonaws.com"),
      inlinePolicies: { access: new iam.PolicyDocument({ statements: [access] }) },
    })
    new appsync.CfnDataSource(this, name, { apiId: this.apiId, name, serviceRoleArn: role.roleArn, ...source })
  }

  private arn(components: ArnComponents) {
    return Stack.of(this).formatArn(components)
  }
}
