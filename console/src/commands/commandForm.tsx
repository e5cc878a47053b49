import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import FormField from "@cloudscape-design/components/form-field"
import Input from "@cloudscape-design/components/input"
import Modal from "@cloudscape-design/components/modal"
import Select from "@cloudscape-design/components/select"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { type FormEvent, type ReactNode, useId, useState } from "react"
import type { CommandReceipt, Commands } from "../model.generated.ts"
import { useAsking } from "./asking.ts"
import type { Foreseen } from "./foreseen.ts"

export type Values = Readonly<Record<string, string>>

/** A field of a command's input. */
export interface CommandField {
  /** Its path in the input. */
  readonly name: string
  readonly label: string
  readonly description?: string
  readonly constraint?: string
  readonly isOptional?: boolean
  readonly type?: "text" | "email" | "number" | "password"
  /** A choice among these, instead of free text. */
  readonly options?: readonly { readonly value: string; readonly label: string; readonly description?: string }[]
}

interface CommandFormProps<Name extends keyof Commands> {
  readonly title: string
  readonly mutation: Name
  readonly fields?: readonly CommandField[]
  readonly initial?: Values
  /** What changes along with a change: a slug that follows the name. */
  readonly follow?: (values: Values, changed: string) => Values
  /** What is wrong before anybody is asked, by the field's name. */
  readonly check?: (values: Values) => { readonly path: string; readonly message: string } | undefined
  readonly toInput: (values: Values) => Commands[Name]
  /** What the page shows at once, behind the form. */
  readonly foresee?: (input: Commands[Name]) => Foreseen
  readonly submitLabel: string
  readonly doing: string
  readonly done: string
  readonly onClose: () => void
  readonly onDone?: (receipt: CommandReceipt) => void
  /** Stands above the fields; what follows their values, below. */
  readonly children?: ReactNode | ((values: Values) => ReactNode)
}

/** Asks for one command: closes when it is visible; a refusal stands beside the field that it concerns. */
export function CommandForm<Name extends keyof Commands>(props: CommandFormProps<Name>) {
  const { title, mutation, fields = [], follow, toInput, submitLabel, doing, done, onClose, onDone, children } = props
  const [values, setValues] = useState<Values>(props.initial ?? {})
  const { form, ask, isBusy, errorAt, errorBeside, refuse, forgive } = useAsking({ mutation, doing, done })
  const formId = useId()

  const change = (name: string, value: string) => {
    const next = { ...values, [name]: value }
    setValues(follow?.(next, name) ?? next)
    forgive(name)
  }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing = fields.find(({ name, isOptional }) => !isOptional && (values[name] ?? "").trim() === "")
    if (missing !== undefined) return refuse({ path: missing.name, message: `${missing.label} is required.` })
    const fault = props.check?.(trimmed(values))
    if (fault !== undefined) return refuse(fault)
    const input = toInput(trimmed(values))
    const receipt = await ask(input, props.foresee?.(input))
    if (receipt === undefined) return
    // Who has closed the form meanwhile may have opened another.
    if (form.current !== null) onClose()
    onDone?.(receipt)
  }

  const elsewhere = errorBeside(fields.map(({ name }) => name))
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" form={formId} formAction="submit" loading={isBusy} loadingText={doing}>
              {submitLabel}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form ref={form} id={formId} onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          {elsewhere !== undefined && <Alert type="error">{elsewhere}</Alert>}
          {typeof children !== "function" && children}
          {fields.map(field => (
            <FormField
              key={field.name}
              label={
                field.isOptional ? (
                  <>
                    {field.label} <i>- optional</i>
                  </>
                ) : (
                  field.label
                )
              }
              description={field.description}
              constraintText={field.constraint}
              errorText={errorAt(field.name)}
            >
              <FieldInput
                field={field}
                value={values[field.name] ?? ""}
                onChange={value => change(field.name, value)}
              />
            </FormField>
          ))}
          {typeof children === "function" && children(values)}
        </SpaceBetween>
      </form>
    </Modal>
  )
}

interface FieldInputProps {
  readonly field: CommandField
  readonly value: string
  readonly onChange: (value: string) => void
}

function FieldInput({ field, value, onChange }: FieldInputProps) {
  if (field.options === undefined)
    return (
      <Input
        name={field.name}
        type={field.type ?? "text"}
        autoComplete="off"
        value={value}
        onChange={({ detail }) => onChange(detail.value)}
      />
    )
  const options = field.options.map(option => ({ ...option }))
  return (
    <Select
      options={options}
      selectedOption={options.find(option => option.value === value) ?? null}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? "")}
    />
  )
}

const trimmed = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value.trim() ? [[name, value.trim()]] : [])))
