import Alert from "@cloudscape-design/components/alert"
import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import FormField from "@cloudscape-design/components/form-field"
import Header from "@cloudscape-design/components/header"
import Input, { type InputProps } from "@cloudscape-design/components/input"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { type FormEvent, type ReactNode, useState } from "react"
import { explain, type Refusal } from "./refusals.ts"

export interface AuthField {
  readonly name: "email" | "password" | "code"
  readonly label: string
  readonly description?: string
  readonly autoComplete: string
  readonly value: string
  readonly onChange: (value: string) => void
}

interface AuthFormProps {
  readonly title: string
  readonly description?: string
  readonly fields: readonly AuthField[]
  readonly submitLabel: string
  readonly onSubmit: () => Promise<void>
  /** Ways to the other forms. */
  readonly children: ReactNode
}

const inputTypes: Record<AuthField["name"], InputProps.Type> = { email: "email", password: "password", code: "text" }

/** One form of the sign-in page: what is wrong stands beside the field that it concerns. */
export function AuthForm({ title, description, fields, submitLabel, onSubmit, children }: AuthFormProps) {
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setBusy] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const empty = fields.find(field => field.value.trim() === "")
    if (empty !== undefined)
      return setRefusal({ field: empty.name, message: `Enter your ${empty.label.toLowerCase()}.` })
    setBusy(true)
    setRefusal(undefined)
    await onSubmit().catch(error => setRefusal(explain(error)))
    setBusy(false)
  }

  return (
    <form onSubmit={submit} noValidate>
      <Container
        header={
          <Header variant="h2" {...(description ? { description } : {})}>
            {title}
          </Header>
        }
      >
        <SpaceBetween size="l">
          {refusal !== undefined && !fields.some(({ name }) => name === refusal.field) && (
            <Alert type="error">{refusal.message}</Alert>
          )}
          {fields.map(({ name, label, description: hint, autoComplete, value, onChange }) => (
            <FormField
              key={name}
              label={label}
              description={hint}
              errorText={refusal?.field === name ? refusal.message : undefined}
            >
              <Input
                name={name}
                type={inputTypes[name]}
                autoComplete={autoComplete}
                inputMode={name === "code" ? "numeric" : name === "email" ? "email" : "text"}
                value={value}
                onChange={({ detail }) => onChange(detail.value)}
              />
            </FormField>
          ))}
          <Button variant="primary" formAction="submit" loading={isBusy} fullWidth>
            {submitLabel}
          </Button>
          {children}
        </SpaceBetween>
      </Container>
    </form>
  )
}
