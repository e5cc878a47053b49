import * as appsync from "aws-cdk-lib/aws-appsync"
import * as iam from "aws-cdk-lib/aws-iam"
import type { IFunction } from "aws-cdk-lib/aws-lambda"
import * as logs from "aws-cdk-lib/aws-logs"
import { RemovalPolicy, Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { DataSourceName } from "../src/model/pipelineFunctions.ts"
import type { MutationTarget } from "./access.ts"
import { DataSources } from "./dataSources.ts"
import { excuse } from "./excuse.ts"
import type { Joint } from "./joint.ts"

/** The API as generated from the manifests. */
export interface ApiModel {
  /** SDL. */
  readonly schema: string
  readonly functions: readonly PipelineFunction[]
  readonly resolvers: readonly PipelineResolver[]
}

/** Code that several fields share. */
export interface PipelineFunction {
  readonly name: string
  readonly dataSource: DataSourceName
  readonly code: string
}

/** What answers a field: functions by name, in order, between `request` and `response` of the code. */
export interface PipelineResolver {
  readonly type: string
  readonly field: string
  readonly functions: readonly string[]
  readonly code: string
}

export interface GraphqlApiProps {
  /** SDL. */
  readonly definition: string
  readonly joint: Joint
  /** Epoch seconds at which the API key ends. */
  readonly apiKeyExpires: number
}

/** What answers the API's fields. */
export interface Answers {
  readonly model: ApiModel
  readonly joint: Joint
  /** Answers the queries that need computing. */
  readonly engine: IFunction
  /** Does what the support group asks for. */
  readonly caretaker: IFunction
}

const runtime = { name: "APPSYNC_JS", runtimeVersion: "1.0.0" }

/** The GraphQL API: people sign in by the user pool, functions by IAM, and what is open needs the API key. */
export class GraphqlApi extends Construct implements MutationTarget {
  readonly apiId: string
  readonly graphqlUrl: string
  readonly realtimeUrl: string
  readonly apiKeyId: string
  private readonly schema: appsync.CfnGraphQLSchema

  constructor(scope: Construct, id: string, { definition, joint, apiKeyExpires }: GraphqlApiProps) {
    super(scope, id)
    const { stackName, region } = Stack.of(this)
    const logRole = new iam.Role(this, "LogRole", { assumedBy: new iam.ServicePrincipal("appsync.amazonaws.com") })
    const api = new appsync.CfnGraphQLApi(this, "Api", {
      name: stackName,
      authenticationType: "AMAZON_COGNITO_USER_POOLS",
      userPoolConfig: { userPoolId: joint.UserPoolId, awsRegion: region, defaultAction: "ALLOW" },
      additionalAuthenticationProviders: [{ authenticationType: "AWS_IAM" }, { authenticationType: "API_KEY" }],
      xrayEnabled: true,
      logConfig: { cloudWatchLogsRoleArn: logRole.roleArn, excludeVerboseContent: true, fieldLogLevel: "ERROR" },
    })
    excuse(api, "AwsSolutions-ASC3", "Errors are logged, but no headers and values: they are secret or personal.")
    this.apiId = api.attrApiId
    this.graphqlUrl = api.attrGraphQlUrl
    this.realtimeUrl = api.attrRealtimeUrl
    const log = new logs.LogGroup(this, "Log", {
      logGroupName: `/aws/appsync/apis/${this.apiId}`,
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    log.grantWrite(logRole)

    const { apiId } = this
    this.schema = new appsync.CfnGraphQLSchema(this, "Schema", { apiId, definition })
    const key = new appsync.CfnApiKey(this, "ApiKey", {
      apiId,
      description: "For what is open to anybody",
      expires: apiKeyExpires,
    })
    this.apiKeyId = key.attrApiKeyId
  }

  /** Gives each field its resolver; functions that send mutations to this API may be among those that answer. */
  answerBy({ model, joint, engine, caretaker }: Answers): void {
    const { apiId } = this
    const sources = new DataSources(this, "DataSources", { apiId, joint, engine, caretaker })
    const functions = new Map(
      model.functions.map(({ name, dataSource, code }) => {
        const made = new appsync.CfnFunctionConfiguration(this, name, {
          apiId,
          name,
          dataSourceName: sources.names[dataSource],
          runtime,
          code,
        })
        return [name, made.attrFunctionId] as const
      }),
    )
    for (const { type, field, functions: names, code } of model.resolvers) {
      const ids = names.map(name => functions.get(name) ?? unknownFunction(`${type}.${field}`, name))
      const resolver = new appsync.CfnResolver(this, `${type}.${field}`, {
        apiId,
        typeName: type,
        fieldName: field,
        kind: "PIPELINE",
        runtime,
        code,
        pipelineConfig: { functions: ids },
      })
      resolver.addResourceDependency(this.schema)
    }
  }
}

function unknownFunction(field: string, name: string): never {
  throw new Error(`${field} is answered by a function ${name}, which is not there`)
}
