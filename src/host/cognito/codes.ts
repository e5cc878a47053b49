import { randomInt, randomUUID } from "node:crypto"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import type { Directory } from "./directory.ts"
import { runTrigger } from "./triggers.ts"
import type { CodePurpose, PoolClient, User, UserPool } from "./userPool.ts"

const codeLifeMs = 24 * 3_600_000
const sender = "no-reply@verificationemail.com"

/** Sends a new code to the user's address, kept until it is used; gives `CodeDeliveryDetails`. */
export async function sendCode(
  host: Host,
  directory: Directory,
  pool: UserPool,
  user: User,
  purpose: CodePurpose,
  clientId?: string,
): Promise<JsonObject> {
  const code = newCode()
  const codes = { ...user.codes, [purpose]: { code, expiresAt: host.clock.now() + codeLifeMs } }
  directory.saveUser(pool, { ...user, codes })
  const { EmailVerificationSubject, EmailVerificationMessage, VerificationMessageTemplate } = pool.properties
  const source = { signUp: "SignUp", password: "ForgotPassword" }[purpose as string] ?? "UpdateUserAttribute"
  await sendMail(host, pool, user, source, code, clientId, {
    subject: VerificationMessageTemplate?.EmailSubject ?? EmailVerificationSubject ?? "Your verification code",
    message:
      VerificationMessageTemplate?.EmailMessage ?? EmailVerificationMessage ?? "Your confirmation code is {####}",
  })
  const address = user.attributes.email
  if (address !== undefined) {
    return { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: masked(address) }
  }
  const phone = user.attributes.phone_number ?? ""
  return { AttributeName: "phone_number", DeliveryMedium: "SMS", Destination: maskedPhone(phone) }
}

/** Sends a code as the second factor of a sign-in; gives it with where it went. */
export async function sendSignInCode(
  host: Host,
  { id: clientId, pool }: PoolClient,
  user: User,
  factor: "SMS_MFA" | "EMAIL_OTP",
): Promise<{ code: string; medium: "SMS" | "EMAIL"; destination: string }> {
  const code = newCode()
  const text = { subject: "Your authentication code", message: "Your authentication code is {####}." }
  const { email = "", phone_number: phone = "" } = user.attributes
  const isSms = factor === "SMS_MFA"
  await sendMail(host, pool, user, "Authentication", code, clientId, text, isSms ? phone : email)
  return { code, medium: isSms ? "SMS" : "EMAIL", destination: isSms ? maskedPhone(phone) : masked(email) }
}

const newCode = (): string => String(randomInt(1_000_000)).padStart(6, "0")

const maskedPhone = (phone: string): string => `+*******${phone.slice(-4)}`

/** Uses up a code. Throws CodeMismatchException or ExpiredCodeException. */
export function useCode(host: Host, user: User, purpose: CodePurpose, given: string): User {
  const sent = user.codes[purpose]
  if (!sent || sent.expiresAt <= host.clock.now()) {
    throw new AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")
  }
  if (sent.code !== given) {
    throw new AwsError("CodeMismatchException", "Invalid verification code provided, please try again.")
  }
  const { [purpose]: _, ...codes } = user.codes
  return { ...user, codes }
}

/** Tells a user whom an administrator made the first password. */
export async function sendInvitation(host: Host, pool: UserPool, user: User, password: string): Promise<void> {
  const template = pool.properties.AdminCreateUserConfig?.InviteMessageTemplate
  await sendMail(host, pool, user, "AdminCreateUser", password, undefined, {
    subject: template?.EmailSubject ?? "Your temporary password",
    message: template?.EmailMessage ?? "Your username is {username} and temporary password is {####}.",
  })
}

async function sendMail(
  host: Host,
  pool: UserPool,
  user: User,
  source: string,
  code: string,
  clientId: string | undefined,
  text: { subject: string; message: string },
  to = user.attributes.email ?? user.attributes.phone_number,
): Promise<void> {
  const subject = { pool, user, ...(clientId !== undefined && { clientId }) }
  const request = { codeParameter: "{####}", usernameParameter: "{username}" }
  const empty = { smsMessage: null, emailMessage: null, emailSubject: null }
  const custom = await runTrigger(host, "CustomMessage", source, subject, request, empty)
  const given = to?.startsWith("+") ? custom.smsMessage : custom.emailMessage
  const message = String(given ?? custom.emailMessage ?? text.message)
  const name = user.attributes.email ?? user.username
  const filled = message
    .replaceAll("{####}", code)
    .replaceAll("{username}", name)
    .replaceAll(/\{##|##\}/g, "")
  if (to === undefined) return
  const isHtml = /<\w+[^>]*>/.test(filled)
  host.mailbox.deliver?.({
    messageId: randomUUID(),
    at: new Date(host.clock.now()).toISOString(),
    from: sender,
    to: [to],
    subject: String(custom.emailSubject ?? text.subject),
    text: isHtml ? filled.replaceAll(/<[^>]+>/g, "") : filled,
    ...(isHtml && { html: filled }),
  })
}

function masked(address: string): string {
  const [local = "", domain = ""] = address.split("@")
  return `${local.charAt(0)}***@${domain.charAt(0)}***`
}
