import Button from "@cloudscape-design/components/button"
import type { FlashbarProps } from "@cloudscape-design/components/flashbar"
import { type QueryClient, useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react"
import type { ApiError } from "../api/client.ts"
import { runCommand } from "../api/runCommand.ts"
import type { CommandReceipt, Commands } from "../model.generated.ts"
import { type Foreseen, show } from "./foreseen.ts"
import { ReceiptMoves } from "./receiptMoves.tsx"

/** A command that somebody wants, and how to speak about it: "Renaming the account", "The account is renamed". */
export interface Wish<Name extends keyof Commands> {
  readonly mutation: Name
  readonly input: Commands[Name]
  readonly doing: string
  readonly done: string
  /** The form that asked shows a refusal itself. */
  readonly showsRefusal?: boolean
  /** Shown until it is refused, or until it can be read. */
  readonly foreseen?: Foreseen | undefined
  /** That of an attempt without outcome, to send the same command again. */
  readonly commandId?: string | undefined
}

export type Outcome = { readonly status: "done"; readonly receipt: CommandReceipt } | Refused

interface Refused {
  readonly status: "refused"
  readonly message: string
  readonly path: string | null
  /** Set when no outcome is known: under this id the command may safely be sent again. */
  readonly commandId?: string
}

type Send = <Name extends keyof Commands>(wish: Wish<Name>) => Promise<Outcome>

/** One command on its way, as the notices show it. */
interface Running {
  readonly commandId: string
  readonly doing: string
  readonly done: string
  readonly receipt?: CommandReceipt
  readonly failure?: string
  readonly isOver: boolean
  readonly retry: () => void
}

const SendContext = createContext<Send | undefined>(undefined)
const NoticesContext = createContext<readonly FlashbarProps.MessageDefinition[]>([])
const noticesMax = 4

/** Sends a command under a new command id and resolves with its outcome; its moves show as a notice. */
export function useSend(): Send {
  const send = useContext(SendContext)
  if (send === undefined) throw new Error("commands can be sent inside CommandsProvider only")
  return send
}

/** The commands of this visit, newest first. */
export const useNotices = () => useContext(NoticesContext)

export function CommandsProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const [commands, setCommands] = useState<readonly Running[]>([])

  const change = useCallback(
    (commandId: string, part: Partial<Running>) =>
      setCommands(all => all.map(one => (one.commandId === commandId ? { ...one, ...part } : one))),
    [],
  )
  const dismiss = useCallback(
    (commandId: string) => setCommands(all => all.filter(one => one.commandId !== commandId)),
    [],
  )

  const send: Send = useCallback(
    async wish => {
      const commandId = wish.commandId ?? crypto.randomUUID()
      const attempt = async (): Promise<Outcome> => {
        const takeBack = wish.foreseen && show(wish.foreseen)
        try {
          const receipt = await runCommand(wish.mutation, wish.input, commandId, moved =>
            change(commandId, { receipt: moved }),
          )
          const refusal = refusalOf(receipt)
          if (refusal !== undefined) takeBack?.()
          await readAgain(queries, takeBack)
          if (refusal !== undefined && wish.showsRefusal) dismiss(commandId)
          change(commandId, { isOver: true, ...(refusal === undefined ? {} : { failure: refusal.message }) })
          return refusal ?? { status: "done", receipt }
        } catch (error) {
          takeBack?.()
          const { message, type } = error as ApiError
          if (wish.showsRefusal) dismiss(commandId)
          change(commandId, { isOver: true, failure: message })
          return { status: "refused", message, path: null, ...(type === "Unauthorized" ? {} : { commandId }) }
        }
      }
      const retry = () => {
        setCommands(all => all.map(one => (one.commandId === commandId ? started : one)))
        void attempt()
      }
      const started: Running = { commandId, doing: wish.doing, done: wish.done, isOver: false, retry }
      setCommands(all => [started, ...all.filter(one => one.commandId !== commandId)].slice(0, noticesMax))
      return attempt()
    },
    [queries, change, dismiss],
  )

  const notices = useMemo(() => commands.map(command => noticeOf(command, dismiss)), [commands, dismiss])
  return (
    <SendContext.Provider value={send}>
      <NoticesContext.Provider value={notices}>{children}</NoticesContext.Provider>
    </SendContext.Provider>
  )
}

const readAgainMaxMs = 2_000

/** A command is over when the page has read again, so that what was foreseen does not flicker; a read that hangs holds up nothing. */
const readAgain = (queries: QueryClient, takeBack = () => {}) =>
  Promise.race([
    queries.invalidateQueries().finally(takeBack),
    new Promise(resolve => setTimeout(resolve, readAgainMaxMs)),
  ])

function refusalOf({ status, rejection, reason }: CommandReceipt): Refused | undefined {
  if (status === "PROJECTED" || status === "COMMITTED") return undefined
  if (status === "REJECTED")
    return { status: "refused", message: rejection?.message ?? "Refused.", path: rejection?.path ?? null }
  if (status === "PARKED")
    return { status: "refused", message: "Set aside: support has to release it first.", path: null }
  return { status: "refused", message: reason ?? "It could not be decided.", path: null }
}

function noticeOf(command: Running, dismiss: (commandId: string) => void): FlashbarProps.MessageDefinition {
  const { commandId, receipt, failure, isOver, retry } = command
  const mayRetry = isOver && failure !== undefined && receipt?.status !== "REJECTED"
  return {
    id: commandId,
    type: failure !== undefined ? "error" : isOver ? "success" : "in-progress",
    loading: !isOver,
    header: failure !== undefined ? `${command.doing}: not done` : isOver ? command.done : command.doing,
    content: <ReceiptMoves receipt={receipt} failure={failure} />,
    action: mayRetry ? <Button onClick={retry}>Send again</Button> : undefined,
    dismissible: isOver,
    onDismiss: () => dismiss(commandId),
  }
}
