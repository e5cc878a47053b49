import { AwsError, type JsonObject } from "../host.ts"
import { totpStep } from "./totp.ts"
import type { User, UserPool } from "./userPool.ts"

/** A second factor as Cognito names it. */
export type Factor = "SOFTWARE_TOKEN_MFA" | "SMS_MFA" | "EMAIL_OTP"

const all: readonly Factor[] = ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]

/** Whether the pool has second factors at all. */
export const isOff = ({ properties }: UserPool): boolean => (properties.MfaConfiguration ?? "OFF") === "OFF"

/** Does the pool offer this factor? One that names none offers the authenticator app. */
export const offers = ({ properties }: UserPool, factor: Factor): boolean =>
  (properties.EnabledMfas ?? ["SOFTWARE_TOKEN_MFA"]).includes(factor)

/** Can the user be reached, or prove codes, by this factor? */
export function isReady({ attributes, authenticator }: User, factor: Factor): boolean {
  if (factor === "SOFTWARE_TOKEN_MFA") return authenticator?.isVerified === true
  const verified = factor === "SMS_MFA" ? attributes.phone_number_verified : attributes.email_verified
  return verified === "true"
}

const choiceOf = (user: User, factor: Factor): { isEnabled: boolean; isPreferred: boolean } | undefined =>
  factor === "SOFTWARE_TOKEN_MFA" ? user.authenticator : user.sentFactors?.[factor]

/** The factors that a sign-in of the user may use, and the one that the user prefers. */
export function factorsOf(
  pool: UserPool,
  user: User,
): { readonly available: readonly Factor[]; readonly preferred: Factor | undefined; readonly isDemanded: boolean } {
  if (isOff(pool)) return { available: [], preferred: undefined, isDemanded: false }
  const isDemanded = pool.properties.MfaConfiguration === "ON"
  const available = all.filter(
    factor =>
      offers(pool, factor) && isReady(user, factor) && (isDemanded || choiceOf(user, factor)?.isEnabled === true),
  )
  return { available, preferred: available.find(factor => choiceOf(user, factor)?.isPreferred === true), isDemanded }
}

/** What a user without a factor may set up. */
export const factorsToSetUp = (pool: UserPool): Factor[] => all.filter(factor => offers(pool, factor))

/** What GetUser and AdminGetUser say of a user's second factors. */
export function mfaOf(user: User): JsonObject {
  const enabled = all.filter(factor => choiceOf(user, factor)?.isEnabled)
  const preferred = enabled.find(factor => choiceOf(user, factor)?.isPreferred)
  return {
    ...(enabled.length > 0 && { UserMFASettingList: enabled }),
    ...(preferred !== undefined && { PreferredMfaSetting: preferred }),
  }
}

/** Takes the code of an authenticator once. Throws CodeMismatchException | ExpiredCodeException. */
export function withCodeUsed(user: User, code: string, nowMs: number): User {
  const { authenticator } = user
  const step = authenticator && totpStep(authenticator.secret, code, nowMs)
  if (!authenticator || step === undefined) {
    throw new AwsError("CodeMismatchException", "Invalid code received for user")
  }
  if (step <= authenticator.lastStep) {
    throw new AwsError("ExpiredCodeException", "Your software token has already been used once.")
  }
  return { ...user, authenticator: { ...authenticator, lastStep: step } }
}
