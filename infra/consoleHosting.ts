import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Certificate } from "aws-cdk-lib/aws-certificatemanager"
import * as cloudfront from "aws-cdk-lib/aws-cloudfront"
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs"
import * as s3 from "aws-cdk-lib/aws-s3"
import { BucketDeployment, CacheControl, type ISource, Source } from "aws-cdk-lib/aws-s3-deployment"
import {
  Annotations,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Duration,
  Fn,
  RemovalPolicy,
  Stack,
} from "aws-cdk-lib/core"
import { Construct, type IConstruct } from "constructs"
import { consoleHeaders } from "./consoleHeaders.ts"
import { excuse } from "./excuse.ts"

export interface ConsoleHostingProps {
  /** The built console: static files around an `index.html`. */
  readonly folder: string
  /** What the console must know of its backend: `config.json`. */
  readonly backend: {
    readonly graphqlUrl: string
    readonly realtimeUrl: string
    readonly region: string
    readonly userPoolId: string
    readonly clientId: string
  }
  /** A domain of one's own, and the ARN of its certificate in us-east-1. */
  readonly domain?: { readonly name: string; readonly certificateArn: string }
}

/** Stands in for a console that nobody has built, and says so. */
const unbuilt = fileURLToPath(new URL("unbuiltConsole", import.meta.url))

/** Whatever names no file is the console's one page. */
const toTheOnePage = `function handler(event) {
  var request = event.request
  if (!request.uri.includes(".")) request.uri = "/index.html"
  return request
}`

/**
 * The console on CloudFront, out of a bucket that nobody else can read. The parameter `ConsoleHosting` leaves it out where something
 * else serves the console, as the local host does.
 */
export class ConsoleHosting extends Construct {
  constructor(scope: Construct, id: string, { folder, backend, domain }: ConsoleHostingProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const built = existsSync(`${folder}/index.html`) ? folder : unbuilt
    if (built === unbuilt)
      Annotations.of(this).addWarningV2(
        "foldline:console",
        `${folder} has no console: \`npm run build:console\` before a deployment`,
      )

    const bucket = new s3.Bucket(this, "Files", {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      // The declared types of Bucket and IBucket differ in optional members only.
    }) as s3.IBucket
    excuse(bucket, "AwsSolutions-S1", "CloudFront alone reads these public files; a log of it would tell nothing.")
    const distribution = new cloudfront.Distribution(this, "Distribution", {
      comment: `${stack.stackName}: the console`,
      defaultRootObject: "index.html",
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(this, "Headers", consoleHeaders(backend)),
        functionAssociations: [
          {
            eventType: cloudfront.FunctionEventType.VIEWER_REQUEST,
            function: new cloudfront.Function(this, "OnePage", {
              code: cloudfront.FunctionCode.fromInline(toTheOnePage),
              runtime: cloudfront.FunctionRuntime.JS_2_0,
            }),
          },
        ],
      },
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      ...(domain === undefined
        ? {}
        : {
            domainNames: [domain.name],
            certificate: Certificate.fromCertificateArn(this, "Certificate", domain.certificateArn),
            minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
    })
    excuse(distribution, "AwsSolutions-CFR1", "People may sign in from wherever they are.")
    excuse(distribution, "AwsSolutions-CFR2", "It serves public static files; the API behind them is not behind it.")
    excuse(
      distribution,
      "AwsSolutions-CFR3",
      "Who read public files is of no use; what people ask is traced by the API.",
    )
    if (domain === undefined)
      excuse(distribution, "AwsSolutions-CFR4", "CloudFront's own domain sets its TLS; `consoleDomain` raises it.")

    const { realtimeUrl: _, ...config } = backend
    this.log.grantWrite(this.role)
    const assets = this.deploy("Assets", bucket, {
      sources: [Source.asset(built)],
      include: ["assets/*"],
      cacheControl: [CacheControl.fromString(`public, max-age=${Duration.days(365).toSeconds()}, immutable`)],
    })
    const page = this.deploy("Page", bucket, {
      sources: [Source.asset(built), Source.jsonData("config.json", config)],
      exclude: ["assets/*"],
      cacheControl: [CacheControl.noCache()],
      distribution,
      distributionPaths: ["/*"],
    })
    page.node.addDependency(assets)

    const url = new CfnOutput(this, "ConsoleUrl", { value: `https://${domain?.name ?? distribution.domainName}` })
    url.overrideLogicalId("ConsoleUrl")
    this.onlyWhenWanted(url)
  }

  /** Files of an earlier console stay: a page that is still open may ask for them. */
  private deploy(
    id: string,
    destinationBucket: s3.IBucket,
    files: { sources: ISource[]; cacheControl: CacheControl[] } & Partial<
      Record<"include" | "exclude" | "distributionPaths", string[]>
    > & { distribution?: cloudfront.Distribution },
  ) {
    return new BucketDeployment(this, id, {
      destinationBucket,
      prune: false,
      retainOnDelete: false,
      memoryLimit: 512,
      logGroup: this.log,
      role: this.role,
      ...files,
      ...(files.include === undefined ? {} : { exclude: ["*"] }),
    })
  }

  private readonly log = new LogGroup(this, "Log", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })

  /** Of CDK's function that copies the files: the deployments add the buckets. */
  private readonly role = new Role(this, "Copier", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") })

  private onlyWhenWanted(output: CfnOutput): void {
    const stack = Stack.of(this)
    const hosting = new CfnParameter(stack, "ConsoleHosting", {
      description: "cloudfront: the console is served by CloudFront; none: something else serves it",
      allowedValues: ["cloudfront", "none"],
      default: "cloudfront",
    })
    const condition = new CfnCondition(stack, "ConsoleIsHosted", {
      expression: Fn.conditionEquals(hosting.valueAsString, "cloudfront"),
    })
    output.condition = condition
    for (const resource of [...this.node.findAll(), ...copierIn(stack)]) {
      if (!CfnResource.isCfnResource(resource)) continue
      resource.cfnOptions.condition = condition
      if (resource.cfnResourceType === "AWS::IAM::Policy")
        excuse(resource, "AwsSolutions-IAM5", "CDK's own function copies whatever stands in these two buckets.")
      if (resource.cfnResourceType === "AWS::Lambda::Function")
        excuse(resource, "AwsSolutions-L1", "CDK's own function; its runtime moves with the CDK.")
    }
  }
}

/** CDK's function that copies the files: it stands in the stack itself, once. */
const copierIn = (stack: Stack): readonly IConstruct[] =>
  stack.node.children
    .filter(({ node }) => node.id.startsWith("Custom::CDKBucketDeployment"))
    .flatMap(({ node }) => node.findAll())
