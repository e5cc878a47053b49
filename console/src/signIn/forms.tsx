import SpaceBetween from "@cloudscape-design/components/space-between"
import {
  confirmResetPassword,
  confirmSignUp,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth"
import { useState } from "react"
import { AuthForm } from "./authForm.tsx"
import { goOn } from "./challenges.tsx"
import { codeField, emailField, newPasswordField } from "./fields.ts"
import { type Go, Link } from "./link.tsx"

interface FormProps {
  readonly email: string
  readonly setEmail: (email: string) => void
  readonly go: Go
}

export function SignInForm({ email, setEmail, go }: FormProps) {
  const [password, setPassword] = useState("")
  const submit = async () => {
    await signOut().catch(() => {})
    const { nextStep } = await signIn({ username: email.trim(), password })
    goOn(nextStep, go, { email: email.trim(), password })
  }
  return (
    <AuthForm
      title="Sign in"
      fields={[
        emailField(email, setEmail),
        {
          name: "password",
          label: "Password",
          autoComplete: "current-password",
          value: password,
          onChange: setPassword,
        },
      ]}
      submitLabel="Sign in"
      onSubmit={submit}
    >
      <SpaceBetween direction="horizontal" size="l">
        <Link onFollow={() => go({ name: "signUp" })}>Create a login</Link>
        <Link onFollow={() => go({ name: "forgot" })}>Forgot your password?</Link>
      </SpaceBetween>
    </AuthForm>
  )
}

export function SignUpForm({ email, setEmail, go }: FormProps) {
  const [password, setPassword] = useState("")
  const submit = async () => {
    const username = email.trim()
    await signUp({ username, password, options: { userAttributes: { email: username } } })
    go({ name: "confirm", email: username, password })
  }
  return (
    <AuthForm
      title="Create a login"
      fields={[emailField(email, setEmail), newPasswordField(password, setPassword)]}
      submitLabel="Create login"
      onSubmit={submit}
    >
      <Link onFollow={() => go({ name: "signIn" })}>Sign in instead</Link>
    </AuthForm>
  )
}

export function ConfirmForm({ email, password, go }: { email: string; password: string; go: Go }) {
  const [code, setCode] = useState("")
  const submit = async () => {
    await confirmSignUp({ username: email, confirmationCode: code.trim() })
    await signIn({ username: email, password })
  }
  return (
    <AuthForm
      title="Confirm your address"
      description={`A code was mailed to ${email}.`}
      fields={[codeField(code, setCode)]}
      submitLabel="Confirm and sign in"
      onSubmit={submit}
    >
      <SpaceBetween direction="horizontal" size="l">
        <Link onFollow={() => void resendSignUpCode({ username: email })}>Send a new code</Link>
        <Link onFollow={() => go({ name: "signIn" })}>Back to sign in</Link>
      </SpaceBetween>
    </AuthForm>
  )
}

export function ForgotForm({ email, setEmail, go }: FormProps) {
  const submit = async () => {
    await resetPassword({ username: email.trim() })
    go({ name: "reset", email: email.trim() })
  }
  return (
    <AuthForm
      title="Choose another password"
      description="A code is mailed to your address."
      fields={[emailField(email, setEmail)]}
      submitLabel="Send the code"
      onSubmit={submit}
    >
      <Link onFollow={() => go({ name: "signIn" })}>Back to sign in</Link>
    </AuthForm>
  )
}

export function ResetForm({ email, go }: { email: string; go: Go }) {
  const [code, setCode] = useState("")
  const [password, setPassword] = useState("")
  const submit = async () => {
    await confirmResetPassword({ username: email, confirmationCode: code.trim(), newPassword: password })
    await signIn({ username: email, password })
  }
  return (
    <AuthForm
      title="Choose another password"
      description={`If ${email} has a login, a code was mailed to it.`}
      fields={[codeField(code, setCode), newPasswordField(password, setPassword)]}
      submitLabel="Change password and sign in"
      onSubmit={submit}
    >
      <Link onFollow={() => go({ name: "forgot" })}>Send a new code</Link>
    </AuthForm>
  )
}
