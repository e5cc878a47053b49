import { z } from "zod"
import { id } from "../../core/index.ts"

export const AccountId = id<"AccountId">()
export type AccountId = z.output<typeof AccountId>
export const PersonId = id<"PersonId">()
export type PersonId = z.output<typeof PersonId>
export const InvitationId = id<"InvitationId">()
export type InvitationId = z.output<typeof InvitationId>

/** What a person may do in an account, strongest first. */
export const roles = ["owner", "admin", "member", "viewer"] as const
export const Role = z.enum(roles).meta({ id: "Role" })
export type Role = z.output<typeof Role>

/** Roles that a membership gives; owners are kept by the account itself. */
export const MemberRole = Role.exclude(["owner"]).meta({ id: "MemberRole" })
export type MemberRole = z.output<typeof MemberRole>
