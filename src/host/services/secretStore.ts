import { createHash, randomUUID } from "node:crypto"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import { listOf, textOf } from "../json.ts"

export type SecretVersion = {
  id: string
  stages: string[]
  string: string | null
  binary: string | null
  createdAt: number
}
export type Secret = {
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

const versionsMax = 20

/** Secrets with their versions and staging labels, kept with the host's data. */
export function openSecretStore(host: Host) {
  const secrets = host.durable<Secret>("secretsmanager")

  /** By name, ARN, or ARN without its six last characters. */
  const find = (id: string): Secret | undefined => {
    if (!id.startsWith("arn:")) return secrets.get(id)
    const name = id.split(":").slice(6).join(":")
    return secrets.get(name.replace(/-[A-Za-z0-9]{6}$/, "")) ?? secrets.get(name)
  }

  /** Adds a version; a new AWSCURRENT makes the one before it AWSPREVIOUS. Throws AwsError ResourceExistsException. */
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
      arn: secretArn(host, name),
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

  return {
    find,
    make,
    putVersion,
    versionOf,
    save: (secret: Secret) => secrets.set(secret.name, secret),
    forget: (name: string) => secrets.delete(name),
    all: () => [...secrets.entries()].map(([, secret]) => secret),
  }
}

/** The six characters that AWS adds at random come from the name here, so that the ARN stays. */
export function secretArn(host: Host, name: string): string {
  if (name.startsWith("arn:")) return name
  const suffix = createHash("sha256").update(name).digest("hex").slice(0, 6)
  return `arn:aws:secretsmanager:${host.region}:${host.accountId}:secret:${name}-${suffix}`
}
