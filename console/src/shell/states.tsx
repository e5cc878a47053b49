import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useQueryClient } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { ApiError } from "../api/client.ts"
import { Page } from "./page.tsx"

/** What a list says when nothing is in it. */
export const Empty = ({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) => (
  <Box textAlign="center" color="inherit" padding={{ vertical: "s" }}>
    <SpaceBetween size="xs">
      <b>{title}</b>
      {children !== undefined && <Box color="text-body-secondary">{children}</Box>}
      {action}
    </SpaceBetween>
  </Box>
)

/** The API says that one may not see it. */
export const isRefusal = (error: Error | null) => error instanceof ApiError && error.type === "Unauthorized"

/** Why something could not be read, with a way to try again. */
export function ReadError({ error, what }: { readonly error: Error; readonly what: string }) {
  const queries = useQueryClient()
  const isRefused = isRefusal(error)
  return (
    <Alert
      type={isRefused ? "warning" : "error"}
      header={isRefused ? `You have no access to ${what}` : `Could not read ${what}`}
      action={isRefused ? undefined : <Button onClick={() => void queries.invalidateQueries()}>Try again</Button>}
    >
      {isRefused ? "Ask an owner to invite you, or sign in as somebody else." : error.message}
    </Alert>
  )
}

export const LoadingPage = () => (
  <Page title="Loading" header={<Header variant="h1">Loading</Header>}>
    <StatusIndicator type="loading">Loading the page</StatusIndicator>
  </Page>
)

export const NoSuchPage = () => (
  <Page title="Page not found" header={<Header variant="h1">Page not found</Header>}>
    <Empty title="There is nothing at this address" action={<Button href="#/">Go to your accounts</Button>} />
  </Page>
)
