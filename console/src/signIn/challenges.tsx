import { confirmSignIn, type SignInOutput } from "aws-amplify/auth"
import { useState } from "react"
import { AuthForm } from "./authForm.tsx"
import { codeField, newPasswordField } from "./fields.ts"
import { type Go, Link } from "./link.tsx"

/** Shows the form that the next step of signing in needs; nothing more when the person is in. */
export function goOn(
  { signInStep }: SignInOutput["nextStep"],
  go: Go,
  known?: { readonly email: string; readonly password: string },
): void {
  if (signInStep === "DONE") return
  if (signInStep === "CONFIRM_SIGN_UP" && known !== undefined) go({ name: "confirm", ...known })
  else if (signInStep === "RESET_PASSWORD") go({ name: "forgot" })
  else if (signInStep === "CONFIRM_SIGN_IN_WITH_TOTP_CODE") go({ name: "secondFactor", from: "app" })
  else if (signInStep === "CONFIRM_SIGN_IN_WITH_EMAIL_CODE") go({ name: "secondFactor", from: "mail" })
  else if (signInStep === "CONFIRM_SIGN_IN_WITH_SMS_CODE") go({ name: "secondFactor", from: "phone" })
  else if (signInStep === "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED") go({ name: "newPassword" })
  else throw new Error("This sign-in needs a step that the console does not offer.")
}

const whence = {
  app: "Enter the code that your authenticator app shows.",
  mail: "A code was mailed to you.",
  phone: "A code was sent to your phone.",
}

/** Asks for the code of a second factor. */
export function SecondFactorForm({ from, go }: { readonly from: keyof typeof whence; readonly go: Go }) {
  const [code, setCode] = useState("")
  return (
    <AuthForm
      title="Second factor"
      description={whence[from]}
      fields={[codeField(code, setCode)]}
      submitLabel="Sign in"
      onSubmit={async () => goOn((await confirmSignIn({ challengeResponse: code.trim() })).nextStep, go)}
    >
      <Link onFollow={() => go({ name: "signIn" })}>Back to sign in</Link>
    </AuthForm>
  )
}

/** Asks whoever signs in with a temporary password for one of their own. */
export function NewPasswordForm({ go }: { readonly go: Go }) {
  const [password, setPassword] = useState("")
  return (
    <AuthForm
      title="Choose your password"
      description="You have signed in with a temporary one."
      fields={[newPasswordField(password, setPassword)]}
      submitLabel="Change password and sign in"
      onSubmit={async () => goOn((await confirmSignIn({ challengeResponse: password })).nextStep, go)}
    >
      <Link onFollow={() => go({ name: "signIn" })}>Back to sign in</Link>
    </AuthForm>
  )
}
