import * as kms from "aws-cdk-lib/aws-kms"
import * as secretsmanager from "aws-cdk-lib/aws-secretsmanager"
import { SecretValue } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import { excuse } from "./excuse.ts"
import { keep } from "./keep.ts"

export interface KeysProps {
  /** Address that mails are sent from. */
  readonly mailSender: string
}

/** What must stay secret: the key that wraps data keys, the application's own secret, and who mails are sent as. */
export class Keys extends Construct {
  readonly dataKey: kms.Key
  readonly appSecret: secretsmanager.Secret
  readonly mailSender: secretsmanager.Secret

  constructor(scope: Construct, id: string, { mailSender }: KeysProps) {
    super(scope, id)
    this.dataKey = new kms.Key(this, "DataKey", {
      description: "Wraps the data keys of the people whose personal values are stored",
      enableKeyRotation: true,
    })
    this.appSecret = new secretsmanager.Secret(this, "AppSecret", {
      description: "What secrets in mails are derived from; another value makes those that were sent worthless",
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    })
    this.mailSender = new secretsmanager.Secret(this, "MailSender", {
      description: "Address that mails are sent from",
      secretStringValue: SecretValue.unsafePlainText(mailSender),
    })
    keep(this.dataKey, "DataKey")
    keep(this.appSecret, "AppSecret")
    keep(this.mailSender, "MailSender")
    excuse(this.appSecret, "AwsSolutions-SMG4", "Derived secrets are the same for ever, so this one never rotates.")
    excuse(this.mailSender, "AwsSolutions-SMG4", "An address, no credential: there is nothing to rotate.")
  }
}
