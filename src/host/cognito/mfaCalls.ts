import { z } from "zod"
import { AwsError, type JsonObject } from "../host.ts"
import { invalidParameter } from "./cognitoErrors.ts"
import { isOff, isReady, offers } from "./factors.ts"
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

  const prefer = (pool: UserPool, before: User, preference: z.infer<typeof Preference>): JsonObject => {
    const given = { SMS_MFA: preference.SMSMfaSettings, EMAIL_OTP: preference.EmailMfaSettings }
    const sentFactors = { ...before.sentFactors }
    for (const factor of ["SMS_MFA", "EMAIL_OTP"] as const) {
      const settings = given[factor]
      if (settings === undefined) continue
      const isEnabled = settings.Enabled ?? sentFactors[factor]?.isEnabled ?? false
      if (isEnabled && !isReady(before, factor)) {
        const attribute = factor === "SMS_MFA" ? "phone number" : "email address"
        throw invalidParameter(`User does not have a verified ${attribute}`)
      }
      sentFactors[factor] = { isEnabled, isPreferred: isEnabled && settings.PreferredMfa === true }
    }
    directory.saveUser(pool, { ...before, sentFactors, ...authenticatorBy(preference, before) })
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
      return {
        MfaConfiguration,
        SoftwareTokenMfaConfiguration: { Enabled: !isOff(pool) && offers(pool, "SOFTWARE_TOKEN_MFA") },
        ...(offers(pool, "SMS_MFA") && { SmsMfaConfiguration: {} }),
        ...(offers(pool, "EMAIL_OTP") && { EmailMfaConfiguration: {} }),
      }
    },
  }
}

/** The user's authenticator as the preference leaves it. */
function authenticatorBy(
  { SoftwareTokenMfaSettings: settings }: z.infer<typeof Preference>,
  { authenticator }: User,
): { authenticator?: Authenticator } {
  if (settings === undefined) return {}
  const isEnabled = settings.Enabled ?? authenticator?.isEnabled ?? false
  if (isEnabled && !authenticator?.isVerified) throw invalidParameter("User has not verified software token mfa")
  if (authenticator === undefined) return {}
  return { authenticator: { ...authenticator, isEnabled, isPreferred: isEnabled && settings.PreferredMfa === true } }
}

const blank: Omit<Authenticator, "secret"> = {
  isVerified: false,
  isEnabled: false,
  isPreferred: false,
  deviceName: null,
  lastStep: 0,
}
