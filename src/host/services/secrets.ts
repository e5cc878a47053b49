import { createHash, randomUUID } from "node:crypto"
import { type JsonOperation, jsonOperations, required } from "../endpoint/operations.ts"
import { type AwsCall, AwsError, type Host, type JsonObject, type ResourceRequest, type Service } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { randomPassword } from "./password.ts"

type SecretVersion = { id: string; stages: string[]; string: string | null; binary: string | null; createdAt: number }
type Secret = {
  name: string
  arn: string
  description: string
  versions: SecretVersion[]
  createdAt: number
  deletedAt: number | null
  policy: JsonObject | null
  /** Hash of what the template last set, so that a restart keeps a value that was put later. */
  template: string | null
}

/** Secrets Manager. */
export interface Secrets extends Service {
  /** The value behind `{{resolve:secretsmanager:<id>:SecretString:<json key>:<stage>:<version id>}}`. */
  resolve(reference: string): string | undefined
}

const versionsMax = 20

export function createSecretsService(host: Host): Secrets {
  const secrets = host.durable<Secret>("secretsmanager")

  const find = (id: string): Secret | undefined => {
    if (!id.startsWith("arn:")) return secrets.get(id)
    const name = id.split(":").slice(6).join(":")
    return secrets.get(name.replace(/-[A-Za-z0-9]{6}$/, "")) ?? secrets.get(name)
  }

  const existing = (input: JsonObject, call: AwsCall, isDeletedFine = false): Secret => {
    const id = required(input, "SecretId")
    const secret = find(id)
    const arn = secret?.arn ?? arnOf(host, id)
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

  const putVersion = (secret: Secret, input: JsonObject): SecretVersion => {
    const id = textOf(input.ClientRequestToken) ?? randomUUID()
    const stages = listOf(input.VersionStages ?? ["AWSCURRENT"]).map(String)
    const known = secret.versions.find(version => version.id === id)
    const version = {
      id,
      stages,
      string: textOf(input.SecretString) ?? null,
      binary: textOf(input.SecretBinary) ?? null,
      createdAt: host.clock.now() / 1000,
    }
    if (known !== undefined) {
      if (known.string === version.string && known.binary === version.binary) return known
      throw new AwsError(
        "ResourceExistsException",
        `A resource with the ID you requested already exists: version ${id}`,
      )
    }
    const isNewCurrent = stages.includes("AWSCURRENT")
    const older = secret.versions.map(other => {
      const wasCurrent = isNewCurrent && other.stages.includes("AWSCURRENT")
      const kept = other.stages.filter(stage => !stages.includes(stage) && !(isNewCurrent && stage === "AWSPREVIOUS"))
      return { ...other, stages: wasCurrent ? [...kept, "AWSPREVIOUS"] : kept }
    })
    secrets.set(secret.name, { ...secret, versions: [version, ...older].slice(0, versionsMax) })
    return version
  }

  const make = (name: string, description: string, template: string | null): Secret => {
    const createdAt = host.clock.now() / 1000
    const secret = {
      name,
      arn: arnOf(host, name),
      description,
      versions: [],
      createdAt,
      deletedAt: null,
      policy: null,
      template,
    }
    secrets.set(name, secret)
    return secret
  }

  const versionOf = (secret: Secret, id: string | undefined, stage: string): SecretVersion => {
    const version = secret.versions.find(version =>
      id === undefined ? version.stages.includes(stage) : version.id === id,
    )
    if (version !== undefined) return version
    const what = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`
    throw new AwsError("ResourceNotFoundException", `Secrets Manager can't find the specified secret value for ${what}`)
  }

  const getValue: JsonOperation = (input, call) => {
    const secret = existing(input, call)
    const version = versionOf(secret, textOf(input.VersionId), textOf(input.VersionStage) ?? "AWSCURRENT")
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
    const known = secrets.get(name)
    const secret = known ?? make(name, textOf(properties.Description) ?? "", template)
    if (known?.template !== template)
      putVersion({ ...secret, deletedAt: null, template }, { SecretString: initialValue(properties) })
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
      const secret = find(id)
      const value = secret && versionOf(secret, versionId || undefined, stage || "AWSCURRENT").string
      return key === "" || !value ? (value ?? undefined) : String(objectOf(JSON.parse(value))[key])
    },

    handle: jsonOperations({
      GetSecretValue: getValue,

      CreateSecret: (input, call) => {
        const name = required(input, "Name")
        host.iam.authorize(call.principal, "secretsmanager:CreateSecret", arnOf(host, name))
        if (secrets.get(name) !== undefined)
          throw new AwsError(
            "ResourceExistsException",
            `The operation failed because the secret ${name} already exists.`,
          )
        const secret = make(name, textOf(input.Description) ?? "", null)
        const version = hasValue(input) ? putVersion(secret, input) : undefined
        return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) }
      },

      PutSecretValue: (input, call) => {
        const secret = existing(input, call)
        const version = putVersion(secret, input)
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
      },

      UpdateSecret: (input, call) => {
        const secret = existing(input, call)
        const updated = { ...secret, description: textOf(input.Description) ?? secret.description }
        secrets.set(secret.name, updated)
        const version = hasValue(input) ? putVersion(updated, input) : undefined
        return { ARN: secret.arn, Name: secret.name, ...(version && { VersionId: version.id }) }
      },

      DescribeSecret: (input, call) => {
        const secret = existing(input, call, true)
        return describe(secret)
      },

      ListSecrets: (_, call) => {
        host.iam.authorize(call.principal, "secretsmanager:ListSecrets", "*")
        return { SecretList: [...secrets.entries()].map(([, secret]) => describe(secret)) }
      },

      DeleteSecret: (input, call) => {
        const secret = existing(input, call)
        if (input.ForceDeleteWithoutRecovery === true) secrets.delete(secret.name)
        else secrets.set(secret.name, { ...secret, deletedAt: host.clock.now() / 1000 })
        return { ARN: secret.arn, Name: secret.name, DeletionDate: host.clock.now() / 1000 }
      },

      RestoreSecret: (input, call) => {
        const secret = existing(input, call, true)
        secrets.set(secret.name, { ...secret, deletedAt: null })
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
          const secret = find(String(properties.SecretId))
          if (secret === undefined) throw new Error(`there is no secret ${properties.SecretId}`)
          secrets.set(secret.name, { ...secret, policy: objectOf(properties.ResourcePolicy) })
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

function initialValue({ SecretString, GenerateSecretString }: JsonObject): string {
  if (typeof SecretString === "string") return SecretString
  const rules = objectOf(GenerateSecretString)
  const password = randomPassword(rules)
  if (typeof rules.GenerateStringKey !== "string") return password
  return JSON.stringify({
    ...JSON.parse(String(rules.SecretStringTemplate ?? "{}")),
    [rules.GenerateStringKey]: password,
  })
}

/** The six characters that AWS adds at random come from the name here, so that the ARN stays. */
function arnOf(host: Host, name: string): string {
  if (name.startsWith("arn:")) return name
  const suffix = createHash("sha256").update(name).digest("hex").slice(0, 6)
  return `arn:aws:secretsmanager:${host.region}:${host.accountId}:secret:${name}-${suffix}`
}
