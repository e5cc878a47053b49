import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard"
import FormField from "@cloudscape-design/components/form-field"
import Input from "@cloudscape-design/components/input"
import Link from "@cloudscape-design/components/link"
import Modal from "@cloudscape-design/components/modal"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useMutation, useQuery } from "@tanstack/react-query"
import { fetchMFAPreference, setUpTOTP, updateMFAPreference, verifyTOTPSetup } from "aws-amplify/auth"
import { type FormEvent, type ReactNode, useId, useState } from "react"
import { usePerson } from "../session.ts"
import { explain } from "../signIn/refusals.ts"

/** Turns signing in with an authenticator app on or off. */
export function SecondFactor({ onClose }: { readonly onClose: () => void }) {
  const preference = useQuery({
    queryKey: ["secondFactor"],
    staleTime: 0,
    queryFn: async () => ((await fetchMFAPreference()).enabled ?? []).includes("TOTP"),
  })
  if (preference.data === true) return <TurnOff onClose={onClose} />
  if (preference.data === false) return <TurnOn onClose={onClose} />
  return (
    <Frame onClose={onClose}>
      {preference.error === null ? (
        <StatusIndicator type="loading">Looking how you sign in</StatusIndicator>
      ) : (
        <Alert type="error">{explain(preference.error).message}</Alert>
      )}
    </Frame>
  )
}

function TurnOn({ onClose }: { readonly onClose: () => void }) {
  const { email } = usePerson()
  const formId = useId()
  const [code, setCode] = useState("")
  // The secret is made anew each time that the form opens.
  const setUp = useQuery({ queryKey: ["secondFactor", "secret", formId], staleTime: Infinity, queryFn: setUpTOTP })
  const verifying = useMutation({
    mutationFn: async () => {
      await verifyTOTPSetup({ code: code.trim() })
      await updateMFAPreference({ totp: "PREFERRED" })
    },
    onSuccess: onClose,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    verifying.mutate()
  }
  return (
    <Frame
      onClose={onClose}
      action={
        <Button variant="primary" form={formId} formAction="submit" loading={verifying.isPending}>
          Turn on
        </Button>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          <Box>When you sign in, you are also asked for the code that an authenticator app on your phone shows.</Box>
          {setUp.data === undefined ? (
            <StatusIndicator type="loading">Making a key</StatusIndicator>
          ) : (
            <FormField label="Key for your authenticator app">
              <SpaceBetween size="xs">
                <CopyToClipboard
                  variant="inline"
                  textToCopy={setUp.data.sharedSecret}
                  copyButtonAriaLabel="Copy the key"
                  copySuccessText="Key copied"
                  copyErrorText="Could not copy the key"
                />
                <Link href={setUp.data.getSetupUri("Foldline", email).toString()}>
                  Open it in an app on this device
                </Link>
              </SpaceBetween>
            </FormField>
          )}
          <FormField
            label="Code"
            description="That the app shows now."
            errorText={verifying.error === null ? undefined : explain(verifying.error).message}
          >
            <Input
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              onChange={({ detail }) => setCode(detail.value)}
            />
          </FormField>
        </SpaceBetween>
      </form>
    </Frame>
  )
}

function TurnOff({ onClose }: { readonly onClose: () => void }) {
  const turningOff = useMutation({
    mutationFn: () => updateMFAPreference({ totp: "DISABLED" }),
    onSuccess: onClose,
  })
  return (
    <Frame
      onClose={onClose}
      action={
        <Button loading={turningOff.isPending} onClick={() => turningOff.mutate()}>
          Turn off
        </Button>
      }
    >
      <SpaceBetween size="m">
        {turningOff.error !== null && <Alert type="error">{explain(turningOff.error).message}</Alert>}
        <StatusIndicator>You sign in with a code of your authenticator app.</StatusIndicator>
      </SpaceBetween>
    </Frame>
  )
}

interface FrameProps {
  readonly onClose: () => void
  readonly action?: ReactNode
  readonly children: ReactNode
}
const Frame = ({ onClose, action, children }: FrameProps) => (
  <Modal
    visible
    header="Second factor"
    onDismiss={onClose}
    footer={
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onClose}>
            Close
          </Button>
          {action}
        </SpaceBetween>
      </Box>
    }
  >
    {children}
  </Modal>
)
