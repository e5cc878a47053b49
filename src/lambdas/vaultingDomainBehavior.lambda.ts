import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import { required } from "../adapters/environment.ts"
import { secretsVault } from "../adapters/secrets/vault.ts"
import { decider } from "./decide.ts"

/** Decides one command of a context with values for the vault; only its deciders carry the client of the vault. */
export const handler = decider({ vault: secretsVault(new SecretsManagerClient({}), required("VAULT_PREFIX")) })
