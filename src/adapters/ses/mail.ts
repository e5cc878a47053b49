import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2"
import type { MailEffect } from "../../core/automation.ts"

/** Sends one mail. The key goes along as a tag, so that a mail sent twice can be told. */
export type SendMail = (mail: MailEffect, key: string) => Promise<void>

/** Mail by Amazon SES from a verified sender. */
export function sesMail(sender: () => Promise<string>, client = new SESv2Client({})): SendMail {
  return async ({ to, subject, text }, key) => {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: await sender(),
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
        EmailTags: [{ Name: "effect", Value: key }],
      }),
    )
  }
}
