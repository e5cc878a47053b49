import { createHash } from "node:crypto"
import { type JsonOperation, jsonOperations, required } from "../endpoint/operations.ts"
import { type AwsCall, AwsError, type Host, type JsonObject, type ResourceRequest, type Service } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { randomPassword } from "./password.ts"
import { openSecretStore, type Secret, secretArn } from "./secretStore.ts"

/** Secrets Manager. */
export interface Secrets extends Service {
  /** The value behind `{{resolve:secretsmanager:<id>:SecretString:<json key>:<stage>:<version id>}}`. */
  resolve(reference: string): string | undefined
}

export function createSecretsService(host: Host): Secrets {
  const store = openSecretStore(host)

  const existing = (input: JsonObject, call: AwsCall, isDeletedFine = false): Secret => {
    const id = required(input, "SecretId")
    const secret = store.find(id)
    const arn = secret?.arn ?? secretArn(host, id)
    const action = `secretsmanager:${call.operation}`
    if (!host.iam.allowsByResourcePolicy(secret?.policy ?? undefined, { principal: call.principal }, action, arn))
      host.iam.authorize(call.principal, action, arn)
    if (secret === undefined)
      throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if (secret.deletedAt !== null && !isDeletedFine)
      throw new AwsError(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.",
      )
    return secret
  }

  const getValue: JsonOperation = (input, call) => {
    const secret = existing(input, call)
    const version = store.versionOf(secret, textOf(input.VersionId), textOf(input.VersionStage) ?? "AWSCURRENT")
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: version.stages,
      CreatedDate: version.createdAt,
      ...(version.string !== null && { SecretString: version.string }),
      ...(version.binary !== null && { SecretBinary: version.binary }),
    }
  }

  const createFromTemplate = ({ properties, physicalName }: ResourceRequest) => {
    const name = textOf(properties.Name) ?? physicalName
    const template = createHash("sha256")
      .update(JSON.stringify([properties.SecretString, properties.GenerateSecretString]))
      .digest("hex")
    const known = store.find(name)
    const secret = known ?? store.make(name, textOf(properties.Description) ?? "", template)
    const value = initialValue(properties)
    if (known?.template !== template && value !== undefined)
      store.putVersion({ ...secret, deletedAt: null, template }, { SecretString: value })
    return { ref: secret.arn, attributes: { Id: secret.arn, Arn: secret.arn } }
  }

  return {
    name: "secretsmanager",
    signingNames: ["secretsmanager"],

    resolve: reference => {
      const [, id = "", , key = "", stage = "", versionId = ""] =
        /^(arn:(?:[^:]*:){5}[^:]+|[^:]+)(?::(SecretString)?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?)?$/.exec(
          reference,
        ) ?? []
      const secret = store.find(id)
      const value = secret && store.versionOf(secret, versionId || undefined, stage || "AWSCURRENT").string
      return key === "" || !value ? (value ?? undefined) : String(objectOf(JSON.parse(value))[key])
    },

    handle: jsonOperations({
      GetSecretValue: getValue,

      BatchGetSecretValue: async (input, call) => {
        host.iam.authorize(call.principal, "secretsmanager:BatchGetSecretValue", "*")
        const SecretValues: JsonObject[] = []
        const Errors: JsonObject[] = []
        for (const id of listOf(input.SecretIdList).map(String)) {
          try {
            SecretValues.push(await getValue({ SecretId: id }, { ...call, operation: "GetSecretValue" }))
          } catch (error) {
            if (!(error instanceof AwsError)) throw error
            Errors.push({ SecretId: id, ErrorCode: error.code, Message: error.message })
          }
        }
        return { SecretValues, Errors }
      },

      ListSecretVersionIds: (input, call) => {
        const { arn, name, versions } = existing(input, call)
        const shown = versions.filter(({ stages }) => stages.length > 0 || input.IncludeDeprecated === true)
        return {
          ARN: arn,
          Name: name,
          Versions: shown.map(({ id, stages, createdAt }) => ({
            VersionId: id,
            VersionStages: stages,
            CreatedDate: createdAt,
          })),
        }
      },

      CreateSecret: (input, call) => {
        const name = required(input, "Name")
        host.iam.authorize(call.principal, "secretsmanager:CreateSecret", secretArn(host, name))
        if (store.find(name) !== undefined)
          throw new AwsError(
            "ResourceExistsException",
            `The operation failed because the secret ${name} already exists.`,
          )
        const secret = store.make(name, textOf(input.Description) ?? "", null)
        const version = hasValue(input) ? store.putVersion(secret, input) : undefined
        return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) }
      },

      PutSecretValue: (input, call) => {
        const secret = existing(input, call)
        const version = store.putVersion(secret, input)
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
      },

      UpdateSecret: (input, call) => {
        const secret = existing(input, call)
        const updated = { ...secret, description: textOf(input.Description) ?? secret.description }
        store.save(updated)
        const version = hasValue(input) ? store.putVersion(updated, input) : undefined
        return { ARN: secret.arn, Name: secret.name, ...(version && { VersionId: version.id }) }
      },

      DescribeSecret: (input, call) => {
        const secret = existing(input, call, true)
        return describe(secret)
      },

      ListSecrets: (_, call) => {
        host.iam.authorize(call.principal, "secretsmanager:ListSecrets", "*")
        return { SecretList: store.all().map(describe) }
      },

      DeleteSecret: (input, call) => {
        const secret = existing(input, call)
        if (input.ForceDeleteWithoutRecovery === true) store.forget(secret.name)
        else store.save({ ...secret, deletedAt: host.clock.now() / 1000 })
        return { ARN: secret.arn, Name: secret.name, DeletionDate: host.clock.now() / 1000 }
      },

      RestoreSecret: (input, call) => {
        const secret = existing(input, call, true)
        store.save({ ...secret, deletedAt: null })
        return { ARN: secret.arn, Name: secret.name }
      },

      GetRandomPassword: input => ({ RandomPassword: randomPassword(input) }),
    }),

    resources: {
      "AWS::SecretsManager::Secret": {
        create: createFromTemplate,
        honours: ["Name", "Description", "SecretString", "GenerateSecretString"],
        indifferent: ["KmsKeyId", "Tags"],
      },
      "AWS::SecretsManager::ResourcePolicy": {
        create: ({ properties }) => {
          const secret = store.find(String(properties.SecretId))
          if (secret === undefined) throw new Error(`there is no secret ${properties.SecretId}`)
          store.save({ ...secret, policy: objectOf(properties.ResourcePolicy) })
          return { ref: secret.arn }
        },
        honours: ["SecretId", "ResourcePolicy"],
        indifferent: ["BlockPublicPolicy"],
      },
    },
  }
}

function describe({ arn, name, description, createdAt, deletedAt, versions }: Secret): JsonObject {
  return {
    ARN: arn,
    Name: name,
    ...(description !== "" && { Description: description }),
    CreatedDate: createdAt,
    ...(deletedAt !== null && { DeletedDate: deletedAt }),
    VersionIdsToStages: Object.fromEntries(versions.map(({ id, stages }) => [id, stages])),
  }
}

function hasValue(input: JsonObject): boolean {
  return input.SecretString !== undefined || input.SecretBinary !== undefined
}

function initialValue({ SecretString, GenerateSecretString }: JsonObject): string | undefined {
  if (typeof SecretString === "string") return SecretString
  if (GenerateSecretString === undefined) return undefined
  const rules = objectOf(GenerateSecretString)
  const password = randomPassword(rules)
  if (typeof rules.GenerateStringKey !== "string") return password
  return JSON.stringify({
    ...JSON.parse(String(rules.SecretStringTemplate ?? "{}")),
    [rules.GenerateStringKey]: password,
  })
}
