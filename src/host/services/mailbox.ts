import { parseBody, queryOperations } from "../endpoint/operations.ts"
import { sendHtml, sendJson } from "../endpoint/respond.ts"
import {
  type AwsCall,
  AwsError,
  type AwsReply,
  type Host,
  type JsonObject,
  type Mail,
  type Mailbox,
  type Service,
} from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { mailPage } from "./mailPage.ts"
import { parseRawMail } from "./rawMail.ts"

const mailsMax = 1000
const sendPath = "/v2/email/outbound-emails"

type StoredMail = Omit<MailContent, "html"> & { messageId: string; at: string; html: string | null }

/**
 * SES that delivers into a mailbox: JSON at `/_host/mail`, a page at `/mail`. Every sender counts as verified; a configuration
 * set and tags have no effect.
 */
export function createMailboxService(host: Host): Service & Mailbox {
  const mails = host.durable<StoredMail>("mailbox")
  const identities = new Set<string>()
  const arnOf = (identity: string) => `arn:aws:ses:${host.region}:${host.accountId}:identity/${identity}`

  const send = (call: AwsCall): AwsReply => {
    const input = parseBody(call)
    const content = objectOf(input.Content)
    if (content.Template !== undefined)
      throw new AwsError("BadRequestException", "this host sends simple and raw mails only, no templates")
    return { body: { MessageId: accept(call, content.Raw === undefined ? simpleMail(input) : rawMail(input)) } }
  }

  const accept = (call: AwsCall, mail: MailContent, action = "ses:SendEmail"): string => {
    const address = /<([^>]+)>/.exec(mail.from)?.[1] ?? mail.from
    const domain = address.slice(address.indexOf("@") + 1)
    const identity = identities.has(address) || !identities.has(domain) ? address : domain
    host.iam.authorize(call.principal, action, arnOf(identity), { "ses:FromAddress": address })
    if (mail.to.length === 0) throw new AwsError("BadRequestException", "Missing destination.")
    deliver({ ...mail, messageId: call.requestId, at: new Date(host.clock.now()).toISOString() })
    return call.requestId
  }
  const answerQuery = queryOperations("http://ses.amazonaws.com/doc/2010-12-01/", {
    SendEmail: (input, call) => ({ MessageId: accept(call, queryMail(input)) }),
    SendRawEmail: (input, call) => ({ MessageId: accept(call, queryRawMail(input), "ses:SendRawEmail") }),
    VerifyEmailIdentity: input => {
      identities.add(input.get("EmailAddress") ?? "")
      return {}
    },
  })

  const deliver = (mail: Mail): void => {
    mails.set(mail.messageId, { ...mail, to: [...mail.to], html: mail.html ?? null })
    for (const [oldest] of mails.entries()) if (mails.size > mailsMax) mails.delete(oldest)
  }

  const messages = (): Mail[] =>
    [...mails.entries()].map(([, { html, ...mail }]) => (html === null ? mail : { ...mail, html }))

  return {
    name: "mailbox",
    signingNames: ["ses"],
    get messages() {
      return messages()
    },
    deliver,

    handle: async call => {
      if (call.method === "POST" && call.path === sendPath) return send(call)
      if (call.method === "POST" && call.path === "/") return answerQuery(call)
      throw new AwsError(
        "UnknownOperationException",
        `SES ${call.method} ${call.path} is not supported by this host: use SendEmail`,
      )
    },

    http: (_request, response, url) => {
      if (url.pathname === "/_host/mail") sendJson(response, 200, { messages: messages() })
      else if (url.pathname === "/mail") sendHtml(response, mailPage(messages().reverse()))
      else return false
      return true
    },

    resources: {
      "AWS::SES::EmailIdentity": {
        create: ({ properties }) => {
          const identity = String(properties.EmailIdentity)
          identities.add(identity)
          return { ref: identity, attributes: { Arn: arnOf(identity) } }
        },
        honours: ["EmailIdentity"],
        indifferent: [
          "DkimAttributes",
          "DkimSigningAttributes",
          "FeedbackAttributes",
          "MailFromAttributes",
          "ConfigurationSetAttributes",
        ],
      },
    },
  }
}

type MailContent = { from: string; to: string[]; subject: string; text: string; html?: string }

/** A mail of SES version 1. */
function queryMail(input: URLSearchParams): MailContent {
  const html = input.get("Message.Body.Html.Data")
  return {
    from: input.get("Source") ?? "",
    to: ["To", "Cc", "Bcc"].flatMap(kind => members(input, `Destination.${kind}Addresses`)),
    subject: input.get("Message.Subject.Data") ?? "",
    text: input.get("Message.Body.Text.Data") ?? "",
    ...(html !== null && { html }),
  }
}

function queryRawMail(input: URLSearchParams): MailContent {
  const mail = parseRawMail(Buffer.from(input.get("RawMessage.Data") ?? "", "base64").toString("utf8"))
  const to = members(input, "Destinations")
  return { ...mail, from: input.get("Source") ?? mail.from, to: to.length > 0 ? to : mail.to }
}

/** `name.member.1`, `name.member.2` …, as query calls write a list. */
const members = (input: URLSearchParams, name: string): string[] =>
  [...input].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value)

function simpleMail(input: JsonObject): MailContent {
  const simple = objectOf(objectOf(input.Content).Simple)
  const body = objectOf(simple.Body)
  const html = textOf(objectOf(body.Html).Data)
  return {
    from: textOf(input.FromEmailAddress) ?? "",
    to: recipients(input),
    subject: textOf(objectOf(simple.Subject).Data) ?? "",
    text: textOf(objectOf(body.Text).Data) ?? "",
    ...(html !== undefined && { html }),
  }
}

function rawMail(input: JsonObject): MailContent {
  const raw = textOf(objectOf(objectOf(input.Content).Raw).Data) ?? ""
  const mail = parseRawMail(Buffer.from(raw, "base64").toString("utf8"))
  const to = recipients(input)
  return { ...mail, from: textOf(input.FromEmailAddress) ?? mail.from, to: to.length > 0 ? to : mail.to }
}

function recipients(input: JsonObject): string[] {
  const { ToAddresses, CcAddresses, BccAddresses } = objectOf(input.Destination)
  return [ToAddresses, CcAddresses, BccAddresses].flatMap(listOf).map(String)
}
