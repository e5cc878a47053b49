import { CreateSecretCommand, GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import type { Vault } from "../../core/outside.ts"

/** Keeps each value as a secret of its own below a prefix. */
export const secretsVault = (client: SecretsManagerClient, prefix: string): Vault => ({
  async put(reference, value) {
    const creation = new CreateSecretCommand({ Name: `${prefix}/${reference}`, SecretString: value })
    await client.send(creation).catch((error: unknown) => {
      // A reference always stands for the same value.
      if (!(error instanceof Error) || error.name !== "ResourceExistsException") throw error
    })
  },
  async open(reference) {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: `${prefix}/${reference}` }))
    if (SecretString === undefined) throw new Error("the vault has no text under a reference")
    return SecretString
  },
})
