import { z } from "zod"
import { AwsError, type JsonObject } from "../host.ts"
import { invalidParameter } from "./cognitoErrors.ts"
import { type Call, type CognitoParts, read, userOfToken } from "./parts.ts"
import { newTotpSecret, totpStep } from "./totp.ts"
import type { Authenticator, User, UserPool } from "./userPool.ts"

const Associate = z.object({ AccessToken: z.string().optional(), Session: z.string().optional() })
const Verify = Associate.extend({ UserCode: z.string(), FriendlyDeviceName: z.string().optional() })
const Settings = z.object({ Enabled: z.boolean().optional(), PreferredMfa: z.boolean().optional() })
const Preference = z.object({
  SoftwareTokenMfaSettings: Settings.optional(),
  SMSMfaSettings: Settings.optional(),
  EmailMfaSettings: Settings.optional(),
})
const OwnPreference = Preference.extend({ AccessToken: z.string() })
const UserPreference = Preference.extend({ UserPoolId: z.string(), Username: z.string() })
const OfPool = z.object({ UserPoolId: z.string() })

/** Setting up an authenticator app (TOTP), and whether it is asked for. */
export function mfaCalls(parts: CognitoParts): Record<string, Call> {
  const { host, directory, challenges } = parts

  /** The user of a token or of an MFA_SETUP session, which goes on under the same name. */
  const userOf = async ({
    AccessToken,
    Session,
  }: z.infer<typeof Associate>): Promise<{ pool: UserPool; user: User }> => {
    if (AccessToken !== undefined) return userOfToken(parts, AccessToken)
    const { clientId, username } = challenges.peek(Session)
    const { pool } = directory.client(clientId)
    return { pool, user: directory.user(pool, username) }
  }

  const prefer = (pool: UserPool, user: User, preference: z.infer<typeof Preference>): JsonObject => {
    const { SoftwareTokenMfaSettings: settings, SMSMfaSettings, EmailMfaSettings } = preference
    if (SMSMfaSettings?.Enabled || EmailMfaSettings?.Enabled) {
      throw invalidParameter("The local host has multi-factor sign-in by an authenticator app only.")
    }
    if (settings === undefined) return {}
    const isEnabled = settings.Enabled ?? user.authenticator?.isEnabled ?? false
    if (isEnabled && !user.authenticator?.isVerified) {
      throw invalidParameter("User has not verified software token mfa")
    }
    if (user.authenticator) {
      const authenticator = {
        ...user.authenticator,
        isEnabled,
        isPreferred: isEnabled && settings.PreferredMfa === true,
      }
      directory.saveUser(pool, { ...user, authenticator })
    }
    return {}
  }

  return {
    AssociateSoftwareToken: async input => {
      const given = read(Associate, input)
      const { pool, user } = await userOf(given)
      if (isOff(pool))
        throw new AwsError(
          "SoftwareTokenMFANotFoundException",
          "Software Token MFA has not been enabled by the userPool",
        )
      const secret = newTotpSecret()
      directory.saveUser(pool, { ...user, authenticator: { ...blank, secret } })
      return { SecretCode: secret, ...(given.Session !== undefined && { Session: given.Session }) }
    },
    VerifySoftwareToken: async input => {
      const given = read(Verify, input)
      const { pool, user } = await userOf(given)
      const { authenticator } = user
      const step = authenticator && totpStep(authenticator.secret, given.UserCode, host.clock.now())
      if (!authenticator || step === undefined) throw new AwsError("EnableSoftwareTokenMFAException", "Code mismatch")
      const deviceName = given.FriendlyDeviceName ?? null
      directory.saveUser(pool, { ...user, authenticator: { ...authenticator, isVerified: true, deviceName } })
      if (given.Session === undefined) return { Status: "SUCCESS" }
      const challenge = challenges.peek(given.Session)
      return { Status: "SUCCESS", Session: challenges.open({ ...challenge, isSetUp: true }, given.Session) }
    },
    SetUserMFAPreference: async input => {
      const given = read(OwnPreference, input)
      const { pool, user } = await userOfToken(parts, given.AccessToken)
      return prefer(pool, user, given)
    },
    AdminSetUserMFAPreference: async (input, principal) => {
      const given = read(UserPreference, input)
      const pool = directory.pool(given.UserPoolId)
      host.iam.authorize(principal, "cognito-idp:AdminSetUserMFAPreference", pool.arn)
      return prefer(pool, directory.user(pool, given.Username), given)
    },
    GetUserPoolMfaConfig: async (input, principal) => {
      const pool = directory.pool(read(OfPool, input).UserPoolId)
      host.iam.authorize(principal, "cognito-idp:GetUserPoolMfaConfig", pool.arn)
      const MfaConfiguration = pool.properties.MfaConfiguration ?? "OFF"
      return { MfaConfiguration, SoftwareTokenMfaConfiguration: { Enabled: !isOff(pool) } }
    },
  }
}

const blank: Omit<Authenticator, "secret"> = {
  isVerified: false,
  isEnabled: false,
  isPreferred: false,
  deviceName: null,
  lastStep: 0,
}

const isOff = ({ properties }: UserPool): boolean => (properties.MfaConfiguration ?? "OFF") === "OFF"

/** What stands between the right password and the tokens. */
export function secondFactorOf(
  pool: UserPool,
  { authenticator }: User,
): "SOFTWARE_TOKEN_MFA" | "MFA_SETUP" | undefined {
  if (isOff(pool)) return undefined
  const isOn = pool.properties.MfaConfiguration === "ON"
  if (authenticator?.isVerified && (isOn || authenticator.isEnabled)) return "SOFTWARE_TOKEN_MFA"
  return isOn ? "MFA_SETUP" : undefined
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

/** What GetUser and AdminGetUser say of a user's second factor. */
export function mfaOf({ authenticator }: User): JsonObject {
  if (!authenticator?.isEnabled) return {}
  return {
    UserMFASettingList: ["SOFTWARE_TOKEN_MFA"],
    ...(authenticator.isPreferred && { PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" }),
  }
}
