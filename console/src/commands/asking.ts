import { useEffect, useRef, useState } from "react"
import type { CommandReceipt, Commands } from "../model.generated.ts"
import { useSend } from "./commands.tsx"
import type { Foreseen } from "./foreseen.ts"

interface Refusal {
  /** The field of the input that it concerns. */
  readonly path: string | null
  readonly message: string
}

interface Words<Name extends keyof Commands> {
  readonly mutation: Name
  readonly doing: string
  readonly done: string
}

/** Asks for one command from a form. Sending the same input again after an attempt without outcome reuses the command id. */
export function useAsking<Name extends keyof Commands>({ mutation, doing, done }: Words<Name>) {
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, setBusy] = useState(false)
  const unanswered = useRef<{ input: string; commandId: string }>(undefined)
  const send = useSend()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refusal === undefined) return
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    field?.focus({ preventScroll: true })
    // In the middle: at an edge it could be below the top bar.
    field?.scrollIntoView({ block: "center" })
  }, [refusal])

  /** Resolves with the receipt, or with nothing when it was refused. */
  const ask = async (input: Commands[Name], foreseen?: Foreseen): Promise<CommandReceipt | undefined> => {
    setBusy(true)
    setRefusal(undefined)
    const text = JSON.stringify(input)
    const commandId = unanswered.current?.input === text ? unanswered.current.commandId : undefined
    const outcome = await send({ mutation, input, doing, done, showsRefusal: true, commandId, foreseen })
    setBusy(false)
    if (outcome.status === "done") return outcome.receipt
    unanswered.current = outcome.commandId === undefined ? undefined : { input: text, commandId: outcome.commandId }
    setRefusal(outcome)
    return undefined
  }

  /** What is wrong with a field, or with something in it. */
  const errorAt = (field: string): string | undefined => {
    if (refusal?.path === field) return sentence(refusal.message)
    return refusal?.path?.startsWith(`${field}.`)
      ? `${refusal.path.slice(field.length + 1)}: ${sentence(refusal.message)}`
      : undefined
  }

  return {
    /** The form itself: what is wrong in it gets the focus. */
    form,
    ask,
    isBusy,
    errorAt,
    /** What is wrong with none of these fields. */
    errorBeside: (fields: readonly string[]): string | undefined =>
      fields.some(field => errorAt(field) !== undefined) ? undefined : refusal?.message,
    refuse: setRefusal,
    /** Forgets what was wrong with a field: it has changed. */
    forgive: (field: string) => {
      if (errorAt(field) !== undefined) setRefusal(undefined)
    },
  }
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`
