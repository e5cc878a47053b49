import { Fn, Stack } from "aws-cdk-lib/core"
import type { Construct } from "constructs"

/** The URL of a queue of this account and region, from its ARN. */
export function queueUrl(scope: Construct, queueArn: string): string {
  const { account, region, urlSuffix } = Stack.of(scope)
  return `https://sqs.${region}.${urlSuffix}/${account}/${Fn.select(5, Fn.split(":", queueArn))}`
}
