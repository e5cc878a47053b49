import { useQueryClient } from "@tanstack/react-query"
import { CONNECTION_STATE_CHANGE } from "aws-amplify/api"
import { Hub } from "aws-amplify/utils"
import { useEffect, useRef, useState } from "react"
import { subscribe } from "./client.ts"

/** Rows of a view have changed. */
export interface ViewChange {
  readonly view: string
  readonly key: string
  readonly version: number
  readonly gone: boolean
}

/** Calls `onChange` for each push of a live view's subscription, such as `onMembersChanged`. */
export function useLive(
  field: string,
  variables: Readonly<Record<string, string>>,
  onChange: (change: ViewChange) => void,
): void {
  const current = useRef(onChange)
  current.current = onChange
  const key = JSON.stringify(variables)
  useEffect(() => {
    const asked: Record<string, string> = JSON.parse(key)
    const names = Object.keys(asked)
    const declared = names.length === 0 ? "" : `(${names.map(name => `$${name}: ID!`).join(", ")})`
    const passed = names.length === 0 ? "" : `(${names.map(name => `${name}: $${name}`).join(", ")})`
    return subscribe<Record<string, ViewChange | null>>(
      `subscription ${declared} { ${field}${passed} { view scope key version gone } }`,
      asked,
      pushed => {
        const change = pushed[field]
        if (change) current.current(change)
      },
    )
  }, [field, key])
}

export type Connection = "live" | "interrupted" | "offline"

/** How the connection for pushes is. When it is back, everything on the page is read again, so that nothing is missed. */
export function useConnection(): Connection {
  const queries = useQueryClient()
  const [connection, setConnection] = useState<Connection>(navigator.onLine ? "live" : "offline")
  useEffect(() => {
    let wasLost = false
    const stop = Hub.listen("api", ({ payload }) => {
      if (payload.event !== CONNECTION_STATE_CHANGE) return
      const { connectionState } = payload.data as { connectionState: string }
      if (connectionState === "Connected") {
        setConnection("live")
        if (wasLost) void queries.invalidateQueries()
        wasLost = false
      } else if (connectionState.startsWith("ConnectionDisrupted") || connectionState === "ConnectedPendingNetwork") {
        wasLost = true
        setConnection(navigator.onLine ? "interrupted" : "offline")
      }
    })
    const offline = () => setConnection("offline")
    const online = () => {
      setConnection("live")
      void queries.invalidateQueries()
    }
    window.addEventListener("offline", offline)
    window.addEventListener("online", online)
    return () => {
      stop()
      window.removeEventListener("offline", offline)
      window.removeEventListener("online", online)
    }
  }, [queries])
  return connection
}
