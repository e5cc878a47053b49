import * as appsync from "aws-cdk-lib/aws-appsync"
import * as iam from "aws-cdk-lib/aws-iam"
import type { IFunction } from "aws-cdk-lib/aws-lambda"
import { type ArnComponents, Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { DataSourceName } from "../src/model/pipelineFunctions.ts"
import type { Joint } from "./joint.ts"
import { viewIndexes } from "./stores.ts"

export interface DataSourcesProps {
  readonly apiId: string
  readonly joint: Joint
  /** Answers the queries that need computing. */
  readonly engine: IFunction
  /** Does what the support group asks for. */
  readonly caretaker: IFunction
}

type Source = Pick<appsync.CfnDataSourceProps, "type" | "dynamoDbConfig" | "eventBridgeConfig" | "lambdaConfig">

/** Where the API reads and writes, each with a role of its own that allows only that. */
export class DataSources extends Construct {
  /** Names that also make what uses them wait for the data source. */
  readonly names: Readonly<Record<DataSourceName, string>>
  private readonly apiId: string

  constructor(scope: Construct, id: string, { apiId, joint, engine, caretaker }: DataSourcesProps) {
    super(scope, id)
    this.apiId = apiId
    this.names = {
      viewStore: this.table("viewStore", joint.ViewStoreName, ["GetItem", "Query"], viewIndexes),
      traceTable: this.table("traceTable", joint.TraceTableName, ["Query", "PutItem"]),
      idempotencyStore: this.table("idempotencyStore", joint.IdempotencyStoreName, ["GetItem"]),
      bus: this.bus(joint.BusName),
      projectionEngine: this.function("projectionEngine", engine),
      caretaker: this.function("caretaker", caretaker),
      none: this.source("none", { type: "NONE" }),
    }
  }

  private table(name: DataSourceName, table: string, operations: readonly string[], indexes: readonly string[] = []) {
    const arn = this.arn({ service: "dynamodb", resource: "table", resourceName: table })
    const source = {
      type: "AMAZON_DYNAMODB",
      dynamoDbConfig: { tableName: table, awsRegion: Stack.of(this).region },
    }
    const resources = [arn, ...indexes.map(index => `${arn}/index/${index}`)]
    const actions = operations.map(operation => `dynamodb:${operation}`)
    return this.source(name, source, new iam.PolicyStatement({ actions, resources }))
  }

  private bus(name: string) {
    const eventBusArn = this.arn({ service: "events", resource: "event-bus", resourceName: name })
    return this.source(
      "bus",
      { type: "AMAZON_EVENTBRIDGE", eventBridgeConfig: { eventBusArn } },
      new iam.PolicyStatement({ actions: ["events:PutEvents"], resources: [eventBusArn] }),
    )
  }

  private function(name: DataSourceName, { functionArn: lambdaFunctionArn }: IFunction) {
    return this.source(
      name,
      { type: "AWS_LAMBDA", lambdaConfig: { lambdaFunctionArn } },
      new iam.PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [lambdaFunctionArn] }),
    )
  }

  private source(name: DataSourceName, source: Source, access?: iam.PolicyStatement): string {
    const role = access === undefined ? {} : { serviceRoleArn: this.roleOf(name, access) }
    return new appsync.CfnDataSource(this, name, { apiId: this.apiId, name, ...role, ...source }).attrName
  }

  private roleOf(name: DataSourceName, access: iam.PolicyStatement): string {
    return new iam.Role(this, `${name}Role`, {
      assumedBy: new iam.ServicePrincipal("appsync.amazonaws.com"),
      inlinePolicies: { access: new iam.PolicyDocument({ statements: [access] }) },
    }).roleArn
  }

  private arn(components: ArnComponents) {
    return Stack.of(this).formatArn(components)
  }
}
