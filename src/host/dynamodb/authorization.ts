import { AwsError, type Host, type JsonObject, type Principal } from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import type { Access } from "./accesses.ts"
import { tableArn, tableNameOf } from "./arns.ts"
import type { Catalogue } from "./catalogue.ts"

/** Checks a call before it is made. Throws AwsError AccessDeniedException. */
export type Authorize = (principal: Principal, accesses: readonly Access[], input: JsonObject) => void

/** A caller needs the identity policy or the table's own policy; `dynamodb:LeadingKeys` is known where the call names a partition key. */
export function createAuthorize(
  host: Host,
  catalogue: Catalogue,
  policies: ReadonlyMap<string, JsonObject>,
): Authorize {
  const allow = (
    principal: Principal,
    action: string,
    resource: string,
    context: Record<string, string>,
    tableName: string,
  ) => {
    try {
      host.iam.authorize(principal, action, resource, context)
    } catch (error) {
      const policy = policies.get(tableName)
      const isDenied = error instanceof AwsError && error.message.includes("explicit deny")
      if (isDenied || !host.iam.allowsByResourcePolicy(policy, { principal }, action, resource)) throw error
    }
  }

  return (principal, accesses, input) => {
    if (principal.kind === "root") return
    const checked = new Set<string>()
    for (const access of accesses) {
      const tableName = tableNameOf(access.table)
      const leadingKey = leadingKeyOf(access, catalogue.get(tableName)?.hashKey, input)
      const action = `dynamodb:${access.action}`
      const resource = resourceOf(host, access)
      const check = `${action} ${resource} ${leadingKey}`
      if (checked.has(check)) continue
      checked.add(check)
      allow(
        principal,
        action,
        resource,
        leadingKey === undefined ? {} : { "dynamodb:LeadingKeys": leadingKey },
        tableName,
      )
    }
  }
}

function resourceOf(host: Host, { table, index }: Access): string {
  if (table === "*" || table.includes("/stream/")) return table
  const arn = tableArn(host, tableNameOf(table))
  return index === undefined ? arn : `${arn}/index/${index}`
}

function leadingKeyOf({ item, index }: Access, hashKey: string | undefined, input: JsonObject): string | undefined {
  if (hashKey === undefined) return undefined
  if (item !== undefined) return keyText(objectOf(item[hashKey]))
  return index === undefined ? queriedKey(hashKey, input) : undefined
}

/** The value that a key condition such as `#pk = :pk AND …` asks for. */
function queriedKey(hashKey: string, input: JsonObject): string | undefined {
  const names = objectOf(input.ExpressionAttributeNames)
  for (const [, name = "", value = ""] of (textOf(input.KeyConditionExpression) ?? "").matchAll(
    /([#\w.-]+)\s*=\s*(:\w+)/g,
  ))
    if ((names[name] ?? name) === hashKey) return keyText(objectOf(objectOf(input.ExpressionAttributeValues)[value]))
  return undefined
}

function keyText(value: JsonObject): string | undefined {
  const text = value.S ?? value.N ?? value.B
  return text === undefined ? undefined : String(text)
}
