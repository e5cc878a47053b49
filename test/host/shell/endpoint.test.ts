// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import { Sha256 } from "@aws-crypto/sha256-js"
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms"
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager"
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2"
import { AssumeRoleCommand, STSClient } from "@aws-sdk/nested-clients/sts"
import { SignatureV4 } from "@smithy/signature-v4"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith, roleWith } from "./localHost.ts"

let running: RunningHost
const printed: string[] = []

beforeAll(async () => {
  running = await hostWith(
    {
      Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: {} } },
      Alias: {
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: "alias/k", TargetKeyId: { "Fn::GetAtt": ["Key", "Arn"] } },
      },
      Secret: {
        Type: "AWS::SecretsManager::Secret",
        Properties: {
          Name: "app/login",
          GenerateSecretString: {
            SecretStringTemplate: '{"user":"ada"}',
            GenerateStringKey: "password",
            PasswordLength: 20,
          },
        },
      },
      Reader: roleWith(
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
          Resource: { Ref: "Secret" },
        },
        { Effect: "Allow", Action: "kms:Decrypt", Resource: { "Fn::GetAtt": ["Key", "Arn"] } },
      ),
      Parameter: {
        Type: "AWS::SSM::Parameter",
        Properties: {
          Name: "/app/secret",
          Type: "String",
          Value: { "Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:user}}" },
        },
      },
    },
    { print: line => printed.push(line) },
  )
})

afterAll(() => running.stop())

interface ErrorBody {
  __type?: string
  message: string
}

const bodyOf = async (response: Response): Promise<ErrorBody> => JSON.parse(await response.text())

const post = (headers: Record<string, string>, body = "{}") => fetch(running.url, { method: "POST", headers, body })

async function whoAmI(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
  const signer = new SignatureV4({ service: "sts", region: "eu-west-1", sha256: Sha256, credentials })
  const { host } = new URL(running.url)
  const { headers } = await signer.sign({
    method: "POST",
    protocol: "http:",
    hostname: "127.0.0.1",
    path: "/",
    headers: { host, "content-type": "application/x-www-form-urlencoded" },
    body: "Action=GetCallerIdentity&Version=2011-06-15",
  })
  const response = await post(headers, "Action=GetCallerIdentity&Version=2011-06-15")
  return { status: response.status, text: await response.text() }
}

describe("the AWS endpoint", () => {
  test("says who the administrator is", async () => {
    const { text } = await whoAmI({ accessKeyId: "test", secretAccessKey: "anything" })
    expect(text).toContain("<Arn>arn:aws:iam::123456789012:root</Arn><UserId>")
    expect(text).toContain("<Account>123456789012</Account>")
  })

  test("gives credentials of a role that work", async () => {
    const role = running.local.resources["app.Reader"]
    const RoleArn = `arn:aws:iam::123456789012:role/${role}`
    const { Credentials } = await new STSClient(clientOf(running)).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: "me" }),
    )
    const { text } = await whoAmI({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    })
    expect(text).toContain(`<Arn>arn:aws:sts::123456789012:assumed-role/${role}/me</Arn>`)
  })

  test("refuses a role whose signature is wrong", async () => {
    const settings = clientOf(running, "Reader")
    const forged = new KMSClient({ ...settings, credentials: { ...settings.credentials, secretAccessKey: "guess" } })
    await expect(
      forged.send(new EncryptCommand({ KeyId: "alias/k", Plaintext: Buffer.from("x") })),
    ).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 403 },
    })
  })

  test("refuses a role's key without the host's token", async () => {
    const { status, text } = await whoAmI({ ...clientOf(running, "Reader").credentials, sessionToken: "x" })
    expect([status, /<Code>(.*?)</.exec(text)?.[1]]).toEqual([403, "InvalidClientTokenId"])
  })

  test("refuses what the role may not do, in AWS's words, and says which statement is missing", async () => {
    const arn = `arn:aws:kms:eu-west-1:123456789012:key/${running.local.resources["app.Key"]}`
    const role = running.local.resources["app.Reader"]
    const kms = new KMSClient(clientOf(running, "Reader"))
    await expect(kms.send(new EncryptCommand({ KeyId: "alias/k", Plaintext: Buffer.from("x") }))).rejects.toMatchObject(
      {
        name: "AccessDeniedException",
        message: `User: arn:aws:sts::123456789012:assumed-role/${role}/session is not authorized to perform: kms:Encrypt on resource: ${arn} because no identity-based policy allows the kms:Encrypt action`,
      },
    )
    expect(printed).toContain(`iam     ! role ${role} lacks the statement: Allow kms:Encrypt on ${arn}`)
  })

  test("answers an unsigned call with a missing token", async () => {
    const response = await post({
      "x-amz-target": "TrentService.Encrypt",
      "content-type": "application/x-amz-json-1.1",
    })
    expect([response.status, response.headers.get("x-amzn-errortype"), await response.json()]).toEqual([
      403,
      "MissingAuthenticationTokenException",
      { __type: "MissingAuthenticationTokenException", message: "Missing Authentication Token" },
    ])
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/)
  })

  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`
  const signed = (service: string) => ({ authorization: authorization(service), "x-amz-date": "20260101T000000Z" })

  test("writes an error in the form of each protocol", async () => {
    const query = await post({ ...signed("sts"), "content-type": "application/x-www-form-urlencoded" }, "Action=Nope")
    expect(await query.text()).toMatch(
      /^<ErrorResponse><Error><Type>Sender<\/Type><Code>InvalidAction<\/Code><Message>sts Nope is not supported.*<RequestId>/,
    )
    const rest = await fetch(`${running.url}/v2/nope`, { headers: signed("ses") })
    expect([rest.status, rest.headers.get("x-amzn-errortype"), Object.keys(await bodyOf(rest))]).toEqual([
      400,
      "UnknownOperationException",
      ["message"],
    ])
    const json = await post(
      { ...signed("kms"), "x-amz-target": "TrentService.Encrypt", "content-type": "application/x-amz-json-1.1" },
      "{",
    )
    expect([json.headers.get("content-type"), await json.json()]).toEqual([
      "application/x-amz-json-1.1",
      { __type: "SerializationException", message: "the body is no JSON object" },
    ])
  })

  test("names a service that it does not have, and an incomplete signature", async () => {
    const unknown = await post({ ...signed("rekognition"), "x-amz-target": "R.Detect" })
    expect((await bodyOf(unknown)).message).toBe("the AWS service rekognition is not supported by this host")
    const incomplete = await post({ authorization: "AWS4-HMAC-SHA256 Credential=x", "x-amz-target": "R.Detect" })
    expect((await bodyOf(incomplete)).__type).toBe("IncompleteSignatureException")
  })

  test("refuses the administrator's key in a page of another site", async () => {
    const from = async (origin: string) =>
      (await post({ ...signed("logs"), origin, "x-amz-target": "Logs.PutLogEvents" })).status
    expect([await from("https://evil.example"), await from("http://localhost:5173")]).toEqual([403, 200])
  })

  test("refuses a body that is too large, and says what it takes", async () => {
    const headers = {
      ...signed("kms"),
      "x-amz-target": "TrentService.Encrypt",
      "content-type": "application/x-amz-json-1.1",
    }
    const response = await post(headers, " ".repeat(33 * 1024 * 1024))
    expect([response.status, (await bodyOf(response)).message]).toEqual([
      413,
      "the body has 34603008 bytes; the host takes 33554432",
    ])
  })

  test("takes metrics and traces and keeps them to itself", async () =>
    expect((await post({ ...signed("logs"), "x-amz-target": "Logs.PutLogEvents" })).status).toBe(200))
})

describe("Secrets Manager", () => {
  test("makes the secret that the template asks for, and keeps versions", async () => {
    const secrets = new SecretsManagerClient(clientOf(running, "Reader"))
    const first = await secrets.send(new GetSecretValueCommand({ SecretId: "app/login" }))
    expect(JSON.parse(first.SecretString ?? "")).toEqual({ user: "ada", password: expect.stringMatching(/^.{20}$/) })
    expect(first.ARN).toBe(running.local.resources["app.Secret"])
    await secrets.send(new PutSecretValueCommand({ SecretId: first.ARN, SecretString: "second" }))
    const previous = await secrets.send(new GetSecretValueCommand({ SecretId: first.ARN, VersionStage: "AWSPREVIOUS" }))
    expect([previous.SecretString, previous.VersionId]).toEqual([first.SecretString, first.VersionId])
    await expect(secrets.send(new DescribeSecretCommand({ SecretId: first.ARN }))).rejects.toMatchObject({
      name: "AccessDeniedException",
    })
  })

  test("gives several secrets at once, and the versions of one", async () => {
    const secrets = new SecretsManagerClient(clientOf(running))
    const { VersionId } = await secrets.send(new CreateSecretCommand({ Name: "batch", SecretString: "b" }))
    const { SecretValues, Errors } = await secrets.send(
      new BatchGetSecretValueCommand({ SecretIdList: ["batch", "no"] }),
    )
    expect(SecretValues).toMatchObject([{ Name: "batch", SecretString: "b" }])
    expect(Errors).toMatchObject([{ SecretId: "no", ErrorCode: "ResourceNotFoundException" }])
    const { Versions } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId: "batch" }))
    expect(Versions).toMatchObject([{ VersionId, VersionStages: ["AWSCURRENT"] }])
  })

  test("says when a secret is not there", async () => {
    const secrets = new SecretsManagerClient(clientOf(running))
    await secrets.send(new CreateSecretCommand({ Name: "other", SecretBinary: Buffer.from([1, 2]) }))
    expect((await secrets.send(new GetSecretValueCommand({ SecretId: "other" }))).SecretBinary).toEqual(
      new Uint8Array([1, 2]),
    )
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret.",
    })
  })
})

describe("KMS", () => {
  test("opens with the same encryption context only", async () => {
    const kms = new KMSClient(clientOf(running))
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({
        KeyId: "alias/k",
        KeySpec: "AES_256",
        EncryptionContext: { subject: "ada", tenant: "t" },
      }),
    )
    const reader = new KMSClient(clientOf(running, "Reader"))
    const opened = await reader.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { tenant: "t", subject: "ada" } }),
    )
    expect(opened.Plaintext).toEqual(Plaintext)
    await expect(
      reader.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { subject: "bob" } })),
    ).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    })
    await expect(
      kms.send(new EncryptCommand({ KeyId: "alias/none", Plaintext: Buffer.from("x") })),
    ).rejects.toMatchObject({
      name: "NotFoundException",
    })
  })
})

describe("the mailbox", () => {
  test("keeps what SES sends and shows it", async () => {
    await new SESv2Client(clientOf(running)).send(
      new SendEmailCommand({
        FromEmailAddress: "Us <us@example.com>",
        Destination: { ToAddresses: ["ada@example.com"] },
        Content: {
          Simple: { Subject: { Data: "Hello <Ada>" }, Body: { Text: { Data: "see https://example.com/?a=1" } } },
        },
      }),
    )
    const raw = "From: us@example.com\r\nTo: bob@example.com\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\nhi"
    await new SESv2Client(clientOf(running)).send(
      new SendEmailCommand({ Content: { Raw: { Data: Buffer.from(raw) } } }),
    )
    const { messages } = JSON.parse(await (await fetch(`${running.url}/_host/mail`)).text())
    expect(messages).toMatchObject([
      { from: "Us <us@example.com>", to: ["ada@example.com"], subject: "Hello <Ada>" },
      { to: ["bob@example.com"], subject: "Grüße", text: "hi" },
    ])
    expect(await (await fetch(`${running.url}/mail`)).text()).toContain("Hello &#60;Ada&#62;")
  })
})
