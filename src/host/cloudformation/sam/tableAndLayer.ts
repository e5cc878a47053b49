import { objectOf, textOf } from "../../json.ts"
import { codeLocation, type Expansion, picked } from "./expansion.ts"

const attributeTypes: Record<string, string> = { String: "S", Number: "N", Binary: "B" }

/** `AWS::Serverless::SimpleTable`: a table with a partition key only. */
export function expandTable({ logicalId, properties, add }: Expansion): void {
  const { Name = "id", Type = "String" } = objectOf(properties.PrimaryKey)
  add(logicalId, "AWS::DynamoDB::Table", {
    ...picked(properties, ["TableName", "SSESpecification", "PointInTimeRecoverySpecification"]),
    AttributeDefinitions: [{ AttributeName: Name, AttributeType: attributeTypes[String(Type)] ?? "S" }],
    KeySchema: [{ AttributeName: Name, KeyType: "HASH" }],
    ...(properties.ProvisionedThroughput === undefined
      ? { BillingMode: "PAY_PER_REQUEST" }
      : { ProvisionedThroughput: properties.ProvisionedThroughput }),
  })
}

/** `AWS::Serverless::LayerVersion`. */
export function expandLayer({ logicalId, properties, add }: Expansion): void {
  add(logicalId, "AWS::Lambda::LayerVersion", {
    ...picked(properties, ["CompatibleArchitectures", "CompatibleRuntimes", "Description", "LicenseInfo"]),
    LayerName: textOf(properties.LayerName) ?? logicalId,
    Content: codeLocation(properties.ContentUri),
  })
}
