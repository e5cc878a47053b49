import { type Authorize, rulesOf, supportGroup } from "../core/authorize.ts"
import { roleSuffices, type Tenancy } from "../core/manifest.ts"

export { supportGroup }

/** Who passes, in the form that the resolvers check; what is absent lets nobody pass. */
export interface AudienceRules {
  readonly open?: true
  readonly person?: true
  readonly backend?: true
  readonly verifiedEmail?: true
  readonly ownEmail?: string
  readonly self?: readonly string[]
  readonly groups?: readonly string[]
  readonly roles?: readonly string[]
}

/** The rules of a declaration; for rows, `emailField` is the field that holds the verified address. */
export function audienceRules(tenancy: Tenancy, authorize: Authorize, emailField?: string): AudienceRules {
  const rules = rulesOf(authorize)
  const has = (by: Authorize["by"]) => rules.some(rule => rule.by === by)
  const self = rules.flatMap(rule => (rule.by === "self" ? [rule.field] : []))
  const groups = rules.flatMap(rule => (rule.by === "group" ? [rule.group] : []))
  const needed = rules.flatMap(rule => (rule.by === "member" ? [rule.role] : []))
  const roles = tenancy.roles.filter(role => needed.some(weakest => roleSuffices(tenancy, role, weakest)))
  return {
    ...(has("open") ? { open: true } : {}),
    ...(has("person") ? { person: true } : {}),
    ...(has("backend") ? { backend: true } : {}),
    ...(has("verifiedEmail") ? (emailField === undefined ? { verifiedEmail: true } : { ownEmail: emailField }) : {}),
    ...(self.length > 0 ? { self } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(roles.length > 0 ? { roles } : {}),
  }
}

/** AppSync's directives for a field that `authorize` guards; empty when the default, any signed-in person, is right. */
export function directivesOf(authorize: Authorize): string {
  const rules = rulesOf(authorize)
  const groups = rules.flatMap(rule => (rule.by === "group" ? [rule.group] : []))
  const isOpen = rules.some(rule => rule.by === "open")
  const forBackend = rules.some(rule => rule.by === "backend")
  const forPeople = rules.some(rule => rule.by !== "backend" && rule.by !== "group")
  const pools = forPeople ? "@aws_cognito_user_pools" : groups.length > 0 ? groupDirective(groups) : ""
  const others = [...(isOpen ? ["@aws_api_key"] : []), ...(forBackend ? ["@aws_iam"] : [])]
  if (others.length === 0 && forPeople) return ""
  return [...others, ...(pools === "" ? [] : [pools])].map(directive => ` ${directive}`).join("")
}

/** Admits the members of a few groups of the user pool. */
export const groupDirective = (groups: readonly string[]) =>
  `@aws_cognito_user_pools(cognito_groups: ${JSON.stringify(groups)})`

/** May somebody other than an automation ask? */
export const isForPeople = (authorize: Authorize) => rulesOf(authorize).some(rule => rule.by !== "backend")

/** Who may ask, for people to read. */
export const audienceText = (tenancy: Tenancy, authorize: Authorize): string =>
  rulesOf(authorize)
    .map(rule => sentenceOf(tenancy, rule))
    .join("; ")

function sentenceOf(tenancy: Tenancy, rule: Authorize): string {
  if (rule.by === "open") return "anybody, even without signing in"
  if (rule.by === "person") return "any signed-in person"
  if (rule.by === "self") return `the person whom \`${rule.field}\` names`
  if (rule.by === "verifiedEmail") return "whoever has the verified address"
  if (rule.by === "group") return `the group \`${rule.group}\``
  if (rule.by === "backend") return "automations"
  if (rule.by === "anyOf") return audienceText(tenancy, rule)
  const roles = tenancy.roles.filter(role => roleSuffices(tenancy, role, rule.role))
  return `${enumeration(roles)} of the tenant (\`${tenancy.field}\`)`
}

const enumeration = (names: readonly string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`
