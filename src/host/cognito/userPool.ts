import { z } from "zod"
import type { PasswordVerifier } from "./srp.ts"

const flag = z.union([z.boolean(), z.stringbool()])
const count = z.coerce.number().int()

/** Properties of AWS::Cognito::UserPool that the host honours. */
export const PoolProperties = z.object({
  UserPoolName: z.string().optional(),
  UsernameAttributes: z.array(z.string()).optional(),
  AliasAttributes: z.array(z.string()).optional(),
  AutoVerifiedAttributes: z.array(z.string()).optional(),
  UsernameConfiguration: z.object({ CaseSensitive: flag.optional() }).optional(),
  AdminCreateUserConfig: z
    .object({
      AllowAdminCreateUserOnly: flag.optional(),
      InviteMessageTemplate: z
        .object({ EmailSubject: z.string().optional(), EmailMessage: z.string().optional() })
        .optional(),
    })
    .optional(),
  Policies: z
    .object({
      PasswordPolicy: z
        .object({
          MinimumLength: count.optional(),
          RequireLowercase: flag.optional(),
          RequireUppercase: flag.optional(),
          RequireNumbers: flag.optional(),
          RequireSymbols: flag.optional(),
          TemporaryPasswordValidityDays: count.optional(),
        })
        .optional(),
    })
    .optional(),
  Schema: z.array(z.object({ Name: z.string().optional(), Required: flag.optional() })).optional(),
  EmailVerificationSubject: z.string().optional(),
  EmailVerificationMessage: z.string().optional(),
  VerificationMessageTemplate: z
    .object({
      DefaultEmailOption: z.string().optional(),
      EmailSubject: z.string().optional(),
      EmailMessage: z.string().optional(),
    })
    .optional(),
  MfaConfiguration: z.enum(["OFF", "OPTIONAL", "ON"]).optional(),
  EnabledMfas: z.array(z.string()).optional(),
  LambdaConfig: z
    .object({
      PreSignUp: z.string().optional(),
      PostConfirmation: z.string().optional(),
      PreAuthentication: z.string().optional(),
      PostAuthentication: z.string().optional(),
      PreTokenGeneration: z.string().optional(),
      PreTokenGenerationConfig: z.object({ LambdaArn: z.string(), LambdaVersion: z.string() }).optional(),
      CustomMessage: z.string().optional(),
      DefineAuthChallenge: z.string().optional(),
      CreateAuthChallenge: z.string().optional(),
      VerifyAuthChallengeResponse: z.string().optional(),
    })
    .optional(),
})
export type PoolProperties = z.infer<typeof PoolProperties>

/** Properties of AWS::Cognito::UserPoolClient that the host honours. */
export const ClientProperties = z.object({
  UserPoolId: z.string(),
  ClientName: z.string().optional(),
  GenerateSecret: flag.optional(),
  ExplicitAuthFlows: z.array(z.string()).optional(),
  PreventUserExistenceErrors: z.enum(["ENABLED", "LEGACY"]).optional(),
  AccessTokenValidity: count.optional(),
  IdTokenValidity: count.optional(),
  RefreshTokenValidity: count.optional(),
  TokenValidityUnits: z
    .object({
      AccessToken: z.string().optional(),
      IdToken: z.string().optional(),
      RefreshToken: z.string().optional(),
    })
    .optional(),
})
export type ClientProperties = z.infer<typeof ClientProperties>

export interface UserPool {
  readonly id: string
  readonly arn: string
  /** The part of the id after `_`, which SRP signs. */
  readonly name: string
  readonly properties: PoolProperties
  readonly createdAt: number
}

export interface PoolClient {
  readonly id: string
  readonly pool: UserPool
  readonly secret?: string
  readonly properties: ClientProperties
}

export type Group = { name: string; description: string | null; precedence: number | null; roleArn: string | null }

export type UserStatus = "UNCONFIRMED" | "CONFIRMED" | "FORCE_CHANGE_PASSWORD" | "RESET_REQUIRED"

/** What a code that was sent confirms: a sign-up, a new password, or an attribute. */
export type CodePurpose = "signUp" | "password" | `attribute:${string}`

/** An authenticator app of a user; `lastStep` is the step of the last code that it was used with. */
export type Authenticator = {
  secret: string
  isVerified: boolean
  isEnabled: boolean
  isPreferred: boolean
  deviceName: string | null
  lastStep: number
}

/** A user as it is kept; times are milliseconds since the epoch. */
export type User = {
  username: string
  enabled: boolean
  status: UserStatus
  attributes: Record<string, string>
  password: PasswordVerifier | null
  groups: string[]
  codes: Record<string, { code: string; expiresAt: number }>
  authenticator?: Authenticator
  /** Whether codes are sent as a second factor. */
  sentFactors?: Partial<Record<"SMS_MFA" | "EMAIL_OTP", { isEnabled: boolean; isPreferred: boolean }>>
  createdAt: number
  modifiedAt: number
}

/** Does the pool use e-mail addresses or phone numbers as user names? The name is then a made-up id. */
export function signsInByAttribute(pool: UserPool): boolean {
  return (pool.properties.UsernameAttributes ?? []).length > 0
}
