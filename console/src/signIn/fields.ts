import type { AuthField } from "./authForm.tsx"

const passwordRule = "At least 12 characters, with upper and lower case letters, digits and symbols."

export const emailField = (value: string, onChange: AuthField["onChange"]): AuthField => ({
  name: "email",
  label: "E-mail address",
  autoComplete: "username",
  value,
  onChange,
})
export const newPasswordField = (value: string, onChange: AuthField["onChange"]): AuthField => ({
  name: "password",
  label: "Password",
  description: passwordRule,
  autoComplete: "new-password",
  value,
  onChange,
})
export const codeField = (value: string, onChange: AuthField["onChange"]): AuthField => ({
  name: "code",
  label: "Code",
  autoComplete: "one-time-code",
  value,
  onChange,
})
