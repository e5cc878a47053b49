import * as iam from "aws-cdk-lib/aws-iam"
import { type ArnComponents, ArnFormat, Stack } from "aws-cdk-lib/core"
import type { Construct } from "constructs"
import { serviceVariable } from "../src/core/manifest.ts"
import type { OutsideService } from "../src/core/outside.ts"
import type { Joint } from "./joint.ts"
import { importService } from "./services.ts"

/** One thing that a function may reach: what it may do there, and the environment that tells it where it is. */
export interface Access {
  readonly environment: Readonly<Record<string, string>>
  readonly statements: readonly iam.PolicyStatement[]
  /** The finding of cdk-nag about a resource that ends in a wildcard, and why it does. */
  readonly wildcard?: { readonly finding: string; readonly reason: string }
}

/** The part of an API that a function needs to send mutations. */
export interface MutationTarget {
  readonly apiId: string
  readonly graphqlUrl: string
}

/** Where timers live, and the role by which they fire. */
export interface TimerTarget {
  readonly group: string
  readonly roleArn: string
}

/** What functions may be given access to, from the exports of the stateful stack. */
export function accessTo(scope: Construct, joint: Joint, stateful: Stack) {
  const stack = Stack.of(scope)
  const arn = (components: ArnComponents) => stack.formatArn(components)
  const tableArn = (name: string) => arn({ service: "dynamodb", resource: "table", resourceName: name })
  const allow = (actions: readonly string[], ...resources: string[]) =>
    new iam.PolicyStatement({ actions: [...actions], resources })

  const table =
    (variable: string, name: string) =>
    (...operations: readonly string[]): Access => ({
      environment: { [variable]: name },
      statements: [
        allow(
          operations.map(operation => `dynamodb:${operation}`),
          tableArn(name),
        ),
      ],
    })

  const keys = table("TABLE_KEYS", joint.KeyTableName)
  const dataKey = (...operations: readonly ("GenerateDataKey" | "Decrypt")[]): Access => ({
    environment: { KMS_KEY_ID: joint.DataKeyArn },
    statements: [
      allow(
        operations.map(operation => `kms:${operation}`),
        joint.DataKeyArn,
      ),
    ],
  })

  return {
    events: table("TABLE_EVENTS", joint.EventStoreName),
    idempotency: table("TABLE_IDEMPOTENCY", joint.IdempotencyStoreName),
    outbox: table("TABLE_OUTBOX", joint.OutboxName),
    views: table("TABLE_VIEWS", joint.ViewStoreName),
    trace: table("TABLE_TRACE", joint.TraceTableName),
    /** Reading the rows that fanout has not published yet. */
    pendingOutbox: (): Access => ({
      environment: { TABLE_OUTBOX: joint.OutboxName },
      statements: [allow(["dynamodb:Query"], `${tableArn(joint.OutboxName)}/index/pending`)],
    }),
    /** Listing streams, and what is about a subject. */
    directory: (): Access => ({
      environment: { TABLE_EVENTS: joint.EventStoreName },
      statements: [allow(["dynamodb:Query"], `${tableArn(joint.EventStoreName)}/index/directory`)],
    }),
    /** Destroying data keys, and listing whose were destroyed. */
    shreddingKeys: () => keys("UpdateItem", "Scan"),
    /** Finding a person where people sign in. */
    people: (): Access => ({
      environment: { USER_POOL_ID: joint.UserPoolId },
      statements: [
        allow(
          ["cognito-idp:ListUsers"],
          arn({ service: "cognito-idp", resource: "userpool", resourceName: joint.UserPoolId }),
        ),
      ],
    }),
    /** Publishing on the bus. */
    bus: (): Access => ({
      environment: { BUS_NAME: joint.BusName },
      statements: [
        allow(["events:PutEvents"], arn({ service: "events", resource: "event-bus", resourceName: joint.BusName })),
      ],
    }),
    /** Opening personal values that are already sealed. */
    openingPersonal: () => [keys("GetItem"), dataKey("Decrypt")],
    /** Sealing personal values, with a new data key for a new subject, and opening them. */
    sealingPersonal: () => [keys("GetItem", "PutItem"), dataKey("GenerateDataKey", "Decrypt")],
    /** Reading the application's own secret. */
    appSecret: (): Access => ({
      environment: { APP_SECRET_ID: joint.AppSecretArn },
      statements: [allow(["secretsmanager:GetSecretValue"], joint.AppSecretArn)],
    }),
    /** Remembering which outside effects were had. */
    remembering: () => table("TABLE_IDEMPOTENCY", joint.IdempotencyStoreName)("PutItem", "UpdateItem", "DeleteItem"),
    /** Sending mail, and reading the address that it is sent from. */
    mail: (): Access => ({
      environment: { MAIL_SENDER_SECRET_ID: joint.MailSenderSecretArn },
      statements: [
        allow(["secretsmanager:GetSecretValue"], joint.MailSenderSecretArn),
        allow(["ses:SendEmail"], arn({ service: "ses", resource: "identity", resourceName: "*" })),
      ],
      wildcard: {
        finding: "Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*",
        reason: "The sender is a secret's value, which a template does not know.",
      },
    }),
    /** Asking a service outside: reading where it is and by which key. */
    service: ({ name }: OutsideService): Access => ({
      environment: { [serviceVariable(name)]: importService(stateful, name) },
      statements: [allow(["secretsmanager:GetSecretValue"], importService(stateful, name))],
    }),
    /** Putting values into the vault, or opening it. */
    vault: (operation: "CreateSecret" | "GetSecretValue"): Access => {
      const prefix = `${stack.stackName}/vault`
      return {
        environment: { VAULT_PREFIX: prefix },
        statements: [
          allow(
            [`secretsmanager:${operation}`],
            arn({
              service: "secretsmanager",
              resource: "secret",
              resourceName: `${prefix}/*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ),
        ],
        wildcard: {
          finding: `Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}/*`,
          reason: "Secrets of the vault are made while the application runs.",
        },
      }
    },
    /** Setting and cancelling timers, which put a message on the bus by a role of their own. */
    timers: ({ group, roleArn }: TimerTarget, does: readonly ("set" | "cancel")[]): Access => ({
      environment: {
        TIMER_GROUP: group,
        TIMER_ROLE_ARN: roleArn,
        BUS_ARN: arn({ service: "events", resource: "event-bus", resourceName: joint.BusName }),
        DEAD_LETTERS_ARN: joint.DeadLettersArn,
      },
      statements: [
        allow(
          does.map(one => ({ set: "scheduler:CreateSchedule", cancel: "scheduler:DeleteSchedule" })[one]),
          arn({ service: "scheduler", resource: "schedule", resourceName: `${group}/*` }),
        ),
        ...(does.includes("set") ? [allow(["iam:PassRole"], roleArn)] : []),
      ],
      wildcard: {
        finding: `Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${group}/*`,
        reason: "Schedules of this group are made while the application runs.",
      },
    }),
    /** Sending exactly these mutations. */
    mutations: ({ apiId, graphqlUrl }: MutationTarget, ...names: readonly string[]): Access => ({
      environment: { API_URL: graphqlUrl },
      statements: [
        allow(
          ["appsync:GraphQL"],
          ...names.map(name =>
            arn({ service: "appsync", resource: "apis", resourceName: `${apiId}/types/Mutation/fields/${name}` }),
          ),
        ),
      ],
    }),
  }
}

export type AccessTo = ReturnType<typeof accessTo>
