import { randomBytes } from "node:crypto"
import { stableUuid } from "../cloudformation/names.ts"
import { type JsonOperation, jsonOperations, required } from "../endpoint/operations.ts"
import {
  type AwsCall,
  AwsError,
  type Host,
  type JsonObject,
  type ResourceProvider,
  type Service,
  Unsupported,
} from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import { keyIdOf, open, seal } from "./envelope.ts"

type Key = {
  id: string
  material: string
  description: string
  enabled: boolean
  createdAt: number
  policy: JsonObject
}

const plaintextMaxBytes = 4096

/** Symmetric KMS keys. The key material is kept with the host's data, so that what was encrypted can be read after a restart. */
export function createKmsService(host: Host): Service {
  const keys = host.durable<Key>("kms")
  const aliases = host.durable<string>("kmsAliases")

  const arnOf = (id: string) => `arn:aws:kms:${host.region}:${host.accountId}:key/${id}`
  const aliasArn = (name: string) => `arn:aws:kms:${host.region}:${host.accountId}:${name}`

  const makeKey = (id: string, description: string, policy: JsonObject): Key => {
    const known = keys.get(id)
    const material = known?.material ?? randomBytes(32).toString("base64")
    const createdAt = known?.createdAt ?? host.clock.now() / 1000
    const key = { id, material, description, enabled: known?.enabled ?? true, createdAt, policy }
    keys.set(id, key)
    return key
  }

  /** Key id, key ARN, alias name or alias ARN. */
  const find = (name: string): Key => {
    const last = name.startsWith("arn:") ? name.slice(name.lastIndexOf(":") + 1) : name
    const id = last.startsWith("alias/") ? aliases.get(last) : last.replace(/^key\//, "")
    const key = id === undefined ? undefined : keys.get(id)
    if (key !== undefined) return key
    const missing = last.startsWith("alias/") ? `Alias ${aliasArn(last)}` : `Key '${arnOf(last.replace(/^key\//, ""))}'`
    throw new AwsError(
      "NotFoundException",
      `${missing} ${last.startsWith("alias/") ? "is not found." : "does not exist"}`,
    )
  }

  const authorize = (key: Key, call: AwsCall, context: JsonObject, action = call.operation) => {
    const arn = arnOf(key.id)
    if (host.iam.allowsByResourcePolicy(key.policy, { principal: call.principal }, `kms:${action}`, arn)) return
    const values = Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, String(value)])
    host.iam.authorize(call.principal, `kms:${action}`, arn, Object.fromEntries(values))
  }

  const usable = (input: JsonObject, call: AwsCall): { key: Key; material: Buffer; context: JsonObject } => {
    const key = find(required(input, "KeyId"))
    const context = objectOf(input.EncryptionContext)
    authorize(key, call, context)
    return { key, material: materialOf(key), context }
  }

  const materialOf = (key: Key): Buffer => {
    if (!key.enabled) throw new AwsError("DisabledException", `${arnOf(key.id)} is disabled.`)
    return Buffer.from(key.material, "base64")
  }

  const generateDataKey: JsonOperation = (input, call) => {
    const { key, material, context } = usable(input, call)
    const plaintext = randomBytes(dataKeyBytes(input))
    const blob = seal(key.id, material, plaintext, context)
    return { KeyId: arnOf(key.id), CiphertextBlob: blob.toString("base64"), Plaintext: plaintext.toString("base64") }
  }

  const encrypt: JsonOperation = (input, call) => {
    const { key, material, context } = usable(input, call)
    const plaintext = Buffer.from(required(input, "Plaintext"), "base64")
    if (plaintext.length > plaintextMaxBytes)
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to ${plaintextMaxBytes}`,
      )
    const blob = seal(key.id, material, plaintext, context)
    return { KeyId: arnOf(key.id), CiphertextBlob: blob.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" }
  }

  const decrypt: JsonOperation = (input, call) => {
    const blob = Buffer.from(required(input, "CiphertextBlob"), "base64")
    const context = objectOf(input.EncryptionContext)
    const key = keys.get(keyIdOf(blob))
    if (key === undefined) throw new AwsError("InvalidCiphertextException", "UnknownError")
    authorize(key, call, context)
    if (typeof input.KeyId === "string" && find(input.KeyId).id !== key.id)
      throw new AwsError(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
      )
    const plaintext = open(materialOf(key), blob, context)
    return { KeyId: arnOf(key.id), Plaintext: plaintext.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" }
  }

  const setEnabled =
    (enabled: boolean): JsonOperation =>
    (input, call) => {
      const key = find(required(input, "KeyId"))
      authorize(key, call, {})
      keys.set(key.id, { ...key, enabled })
      return {}
    }

  return {
    name: "kms",
    signingNames: ["kms"],
    resources: keyProviders(arnOf, makeKey, (name, target) => aliases.set(name, find(target).id)),
    handle: jsonOperations({
      GenerateDataKey: generateDataKey,
      GenerateDataKeyWithoutPlaintext: async (input, call) => {
        const { Plaintext, ...rest } = await generateDataKey(input, call)
        return rest
      },
      Encrypt: encrypt,
      Decrypt: decrypt,
      DescribeKey: (input, call) => {
        const key = find(required(input, "KeyId"))
        authorize(key, call, {})
        return { KeyMetadata: describe(key, arnOf(key.id), host.accountId) }
      },
      CreateKey: (input, call) => {
        host.iam.authorize(call.principal, "kms:CreateKey", "*")
        const key = makeKey(stableUuid(call.requestId), textOf(input.Description) ?? "", {})
        return { KeyMetadata: describe(key, arnOf(key.id), host.accountId) }
      },
      DisableKey: setEnabled(false),
      EnableKey: setEnabled(true),
      GenerateRandom: input => ({ Plaintext: randomBytes(Number(input.NumberOfBytes ?? 32)).toString("base64") }),
    }),
  }
}

function keyProviders(
  arnOf: (id: string) => string,
  makeKey: (id: string, description: string, policy: JsonObject) => Key,
  setAlias: (name: string, target: string) => void,
): Record<string, ResourceProvider> {
  return {
    "AWS::KMS::Key": {
      create: ({ properties, physicalName }) => {
        if (textOf(properties.KeySpec) !== undefined && properties.KeySpec !== "SYMMETRIC_DEFAULT")
          throw new Unsupported(`this host has symmetric keys only, no ${properties.KeySpec}`)
        const policy = objectOf(properties.KeyPolicy)
        const { id } = makeKey(stableUuid(physicalName), textOf(properties.Description) ?? "", policy)
        return { ref: id, attributes: { Arn: arnOf(id), KeyId: id } }
      },
      honours: ["Description", "KeyPolicy", "KeySpec"],
      indifferent: [
        "EnableKeyRotation",
        "Enabled",
        "KeyUsage",
        "MultiRegion",
        "PendingWindowInDays",
        "RotationPeriodInDays",
        "Tags",
      ],
    },
    "AWS::KMS::Alias": {
      create: ({ properties }) => {
        const name = String(properties.AliasName)
        setAlias(name, String(properties.TargetKeyId))
        return { ref: name }
      },
      honours: ["AliasName", "TargetKeyId"],
    },
  }
}

function dataKeyBytes({ KeySpec, NumberOfBytes }: JsonObject): number {
  if (typeof NumberOfBytes === "number") return NumberOfBytes
  if (KeySpec === "AES_256") return 32
  if (KeySpec === "AES_128") return 16
  throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.")
}

function describe({ id, description, enabled, createdAt }: Key, arn: string, accountId: string): JsonObject {
  return {
    AWSAccountId: accountId,
    KeyId: id,
    Arn: arn,
    CreationDate: createdAt,
    Enabled: enabled,
    Description: description,
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: enabled ? "Enabled" : "Disabled",
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    KeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: false,
  }
}
