/** Who may ask: declared once per command and view, checked by the resolver and again before each decision. */
export type Authorize =
  | { readonly by: "open" }
  | { readonly by: "person" }
  | { readonly by: "self"; readonly field: string }
  | { readonly by: "verifiedEmail" }
  | { readonly by: "member"; readonly role: string }
  | { readonly by: "group"; readonly group: string }
  | { readonly by: "backend" }
  | { readonly by: "anyOf"; readonly rules: readonly Authorize[] }

/** Group of the people who may look into traces and history. */
export const supportGroup = "support"

/** Anybody, even without signing in. */
export const open = (): Authorize => ({ by: "open" })
/** Any signed-in person. */
export const person = (): Authorize => ({ by: "person" })
/** The person whom `field` names. */
export const self = (field: string): Authorize => ({ by: "self", field })
/** The person whose address the identity provider verified. */
export const verifiedEmail = (): Authorize => ({ by: "verifiedEmail" })
/** A member of the tenant with at least this role. */
export const member = (role: string): Authorize => ({ by: "member", role })
/** A member of a group of the user pool. */
export const group = (name: string): Authorize => ({ by: "group", group: name })
/** Automations only. */
export const backend = (): Authorize => ({ by: "backend" })
/** Whoever passes one of the rules. */
export const anyOf = (...rules: readonly Authorize[]): Authorize => ({ by: "anyOf", rules })

/** The rules of a declaration, flattened. */
export const rulesOf = (authorize: Authorize): readonly Exclude<Authorize, { by: "anyOf" }>[] =>
  authorize.by === "anyOf" ? authorize.rules.flatMap(rulesOf) : [authorize]
