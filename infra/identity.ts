import * as cognito from "aws-cdk-lib/aws-cognito"
import { Duration } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { App } from "../src/core/manifest.ts"
import { excuse } from "./excuse.ts"
import { keep } from "./keep.ts"
import { groupsOf } from "./manifests.ts"

/** The people: a user pool signed into by verified e-mail address, its groups, and the console's client. */
export class Identity extends Construct {
  readonly userPool: cognito.UserPool
  readonly client: cognito.UserPoolClient

  constructor(scope: Construct, id: string, { app }: { readonly app: App }) {
    super(scope, id)
    this.userPool = new cognito.UserPool(this, "UserPool", {
      signInAliases: { email: true },
      signInCaseSensitive: false,
      selfSignUpEnabled: true,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      mfa: cognito.Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: true,
    })
    keep(this.userPool, "UserPool")
    excuse(this.userPool, "AwsSolutions-COG2", "Each person chooses; a second factor is offered by authenticator app.")
    excuse(this.userPool, "AwsSolutions-COG3", "The Plus plan is priced per active user; an operator may turn it on.")

    const { userPoolId } = this.userPool
    for (const groupName of groupsOf(app))
      keep(new cognito.CfnUserPoolGroup(this, groupName, { userPoolId, groupName }), `Group${groupName}`)

    this.client = this.userPool.addClient("WebClient", {
      authFlows: { userSrp: true, userPassword: true },
      disableOAuth: true,
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    })
    keep(this.client, "WebClient")
  }
}
