import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { useState } from "react"
import { NewPasswordForm, SecondFactorForm } from "./challenges.tsx"
import { ConfirmForm, ForgotForm, ResetForm, SignInForm, SignUpForm } from "./forms.tsx"
import type { Step } from "./steps.ts"

/** Sign in, sign up, confirm the address, choose another password. */
export function SignIn({ hasExpired }: { readonly hasExpired: boolean }) {
  const [step, setStep] = useState<Step>({ name: "signIn" })
  const [email, setEmail] = useState("")
  const shared = { email, setEmail, go: setStep }
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        <Box textAlign="center" padding={{ top: "xxl" }}>
          <img src="./icon.svg" alt="" width="44" height="44" />
          <Box variant="h1" padding={{ top: "xs" }}>
            Foldline
          </Box>
          <Box color="text-body-secondary">Accounts, and what happened to every request</Box>
        </Box>
        {hasExpired && step.name === "signIn" && (
          <Alert type="info" header="Your session has expired">
            Sign in again to continue.
          </Alert>
        )}
        {step.name === "signIn" && <SignInForm {...shared} />}
        {step.name === "signUp" && <SignUpForm {...shared} />}
        {step.name === "confirm" && <ConfirmForm {...step} go={setStep} />}
        {step.name === "forgot" && <ForgotForm {...shared} />}
        {step.name === "secondFactor" && <SecondFactorForm from={step.from} go={setStep} />}
        {step.name === "newPassword" && <NewPasswordForm go={setStep} />}
        {step.name === "reset" && <ResetForm email={step.email} go={setStep} />}
      </SpaceBetween>
    </main>
  )
}
