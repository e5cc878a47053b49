import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard"
import FormField from "@cloudscape-design/components/form-field"
import Modal from "@cloudscape-design/components/modal"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { useState } from "react"
import { CommandForm } from "../commands/commandForm.tsx"
import type { AccountApiKey, ApiKeyScope } from "../model.generated.ts"
import { scopeOptions } from "./scopes.ts"
import { keyText, newSecret } from "./secret.ts"

interface NewKeyProps {
  readonly onClose: () => void
  /** Gives the whole key, which nobody can read again. */
  readonly onKey: (key: string) => void
}

/** Makes a key; its secret is made here and kept for as long as the form is open, so that a retry asks for the same. */
export function CreateKeyForm({ accountId, onKey, ...props }: NewKeyProps & { readonly accountId: string }) {
  const [{ apiKeyId, secret }] = useState(() => ({ apiKeyId: crypto.randomUUID(), secret: newSecret() }))
  return (
    <CommandForm
      {...props}
      title="Create API key"
      mutation="createApiKey"
      fields={[
        { name: "name", label: "Name", description: "Where the key is used.", constraint: "Up to 100 characters." },
        { name: "scope", label: "Scope", options: scopeOptions },
      ]}
      initial={{ scope: "read" }}
      toInput={({ name = "", scope = "read" }) => ({ accountId, apiKeyId, name, scope: scope as ApiKeyScope, secret })}
      submitLabel="Create API key"
      doing="Creating the API key"
      done="The API key works"
      onDone={() => onKey(keyText(apiKeyId, secret))}
    />
  )
}

interface OneKeyProps {
  readonly apiKey: AccountApiKey
  readonly onClose: () => void
}

export function IssueSecretForm({ apiKey, onKey, ...props }: OneKeyProps & Pick<NewKeyProps, "onKey">) {
  const [secret] = useState(newSecret)
  const { accountId, apiKeyId, name } = apiKey
  return (
    <CommandForm
      {...props}
      title={`Issue the secret of ${name}`}
      mutation="issueApiKeySecret"
      toInput={() => ({ accountId, apiKeyId, secret })}
      submitLabel="Issue secret"
      doing={`Issuing the secret of ${name}`}
      done="The API key works"
      onDone={() => onKey(keyText(apiKeyId, secret))}
    >
      <Box>A key works once it has a secret. It gets one, once, and shows it to you alone.</Box>
    </CommandForm>
  )
}

export const RevokeKeyForm = ({ apiKey: { accountId, apiKeyId, name }, ...props }: OneKeyProps) => (
  <CommandForm
    {...props}
    title={`Revoke ${name}?`}
    mutation="revokeApiKey"
    toInput={() => ({ accountId, apiKeyId })}
    submitLabel="Revoke"
    doing={`Revoking ${name}`}
    done={`${name} is revoked`}
  >
    <Alert type="warning">Every program that uses the key is refused at once. This cannot be undone.</Alert>
  </CommandForm>
)

/** A whole key, this once. */
export const KeyShown = ({ text, onClose }: { readonly text: string; readonly onClose: () => void }) => (
  <Modal
    visible
    header="Your API key"
    onDismiss={onClose}
    footer={
      <Box float="right">
        <Button variant="primary" onClick={onClose}>
          I have kept it
        </Button>
      </Box>
    }
  >
    <SpaceBetween size="l">
      <Alert type="warning">This is the only time that the key is shown. Nobody can read it again.</Alert>
      <FormField label="API key" description="Programs send it as x-api-key.">
        <CopyToClipboard
          variant="inline"
          textToCopy={text}
          copyButtonAriaLabel="Copy the API key"
          copySuccessText="API key copied"
          copyErrorText="Could not copy the API key"
        />
      </FormField>
    </SpaceBetween>
  </Modal>
)
