import type { Role } from "../model.generated.ts"

/** Every role, strongest first, as a choice. */
export const roleOptions: readonly { readonly value: Role; readonly label: string; readonly description: string }[] = [
  { value: "owner", label: "Owner", description: "Everything, also closing the account" },
  { value: "admin", label: "Admin", description: "Renames, invites and removes people" },
  { value: "member", label: "Member", description: "Works in the account" },
  { value: "viewer", label: "Viewer", description: "Looks, and changes nothing" },
]

export const roleLabel = (role: Role) => roleOptions.find(({ value }) => value === role)?.label ?? role

export const mayManage = (role: Role | undefined) => role === "owner" || role === "admin"

/** May change what the account has: indexes, keys, integrations. */
export const mayWork = (role: Role | undefined) => role !== undefined && role !== "viewer"

/** What somebody with this role may give to others. */
export const grantable = (role: Role | undefined) =>
  roleOptions.filter(({ value }) => role === "owner" || value !== "owner")
