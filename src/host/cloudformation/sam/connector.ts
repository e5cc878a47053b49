import type { Json } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { allow, attribute, type Expansion, policyDocument, ref } from "./expansion.ts"

interface Access {
  readonly read: readonly string[]
  readonly write: readonly string[]
  /** What of the destination is granted beside its ARN. */
  readonly parts?: string
  /** The attribute that is its ARN, where it is not `Arn`. */
  readonly arnName?: string
}

const table: Access = {
  read: ["GetItem", "Query", "Scan", "BatchGetItem", "ConditionCheckItem"].map(action => `dynamodb:${action}`),
  write: ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"].map(action => `dynamodb:${action}`),
  parts: "/index/*",
}
const invocation: Access = { read: [], write: ["lambda:InvokeAsync", "lambda:InvokeFunction"] }
const bucket: Access = {
  read: ["s3:GetObject*", "s3:ListBucket"],
  write: ["s3:PutObject*", "s3:DeleteObject*"],
  parts: "/*",
}

/** What a function may do to a destination, by its type. */
const accesses: Record<string, Access> = {
  "AWS::DynamoDB::Table": table,
  "AWS::Serverless::SimpleTable": table,
  "AWS::Lambda::Function": invocation,
  "AWS::Serverless::Function": invocation,
  "AWS::SQS::Queue": { read: ["sqs:ReceiveMessage", "sqs:GetQueueAttributes"], write: ["sqs:*Message*"] },
  "AWS::SNS::Topic": { read: [], write: ["sns:Publish"], arnName: "TopicArn" },
  "AWS::Events::EventBus": { read: [], write: ["events:PutEvents"] },
  "AWS::S3::Bucket": bucket,
}

/** `AWS::Serverless::Connector` from a serverless function: a policy of its role. Any other stays, to be named as not supported. */
export function expandConnector({ logicalId, properties, add, typeOf }: Expansion): void {
  const source = textOf(objectOf(properties.Source).Id) ?? ""
  const kinds = listOf(properties.Permissions).map(String)
  const statements = listOf(properties.Destination).map(destination => {
    const id = textOf(objectOf(destination).Id) ?? ""
    const access = accesses[typeOf(id) ?? ""]
    return access === undefined ? undefined : statement(id, access, kinds)
  })
  if (typeOf(source) !== "AWS::Serverless::Function" || statements.some(one => one === undefined)) {
    add(logicalId, "AWS::Serverless::Connector", properties)
    return
  }
  add(`${logicalId}Policy`, "AWS::IAM::ManagedPolicy", {
    PolicyDocument: policyDocument(statements.flatMap(one => one ?? [])),
    Roles: [ref(`${source}Role`)],
  })
}

function statement(id: string, { read, write, parts, arnName = "Arn" }: Access, kinds: readonly string[]): Json {
  const actions = [...(kinds.includes("Read") ? read : []), ...(kinds.includes("Write") ? write : [])]
  const whole = attribute(id, arnName)
  return allow(actions, parts === undefined ? [whole] : [whole, { "Fn::Join": ["", [whole, parts]] }])
}
