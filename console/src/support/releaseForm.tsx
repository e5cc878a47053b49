import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import Modal from "@cloudscape-design/components/modal"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { ReadError } from "../shell/states.tsx"
import { KindIndicator } from "./indicators.tsx"
import { type Parked, type Rehearsal, release, useRehearsal } from "./parked.ts"
import { differencesOf } from "./stateDifference.ts"
import { shortName } from "./trace.ts"
import "./support.css"

/** Shows what a release would do, and does it when that is confirmed. */
export function ReleaseForm({ parked, onClose }: { readonly parked: Parked; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const rehearsal = useRehearsal(parked.stream)
  const releasing = useMutation({
    mutationFn: () => release(parked.stream),
    onSuccess: () => queries.invalidateQueries(),
  })
  const result = releasing.data
  return (
    <Modal
      visible
      size="large"
      header="Release parked work?"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {result === undefined ? "Cancel" : "Close"}
            </Button>
            {result?.status !== "RELEASED" && (
              <Button
                variant="primary"
                disabled={rehearsal.data?.folds !== true}
                disabledReason="It would be parked again: see the rehearsal."
                loading={releasing.isPending}
                onClick={() => releasing.mutate()}
              >
                Release
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {releasing.error !== null && <Alert type="error">{releasing.error.message}</Alert>}
        {result !== undefined && (
          <Alert type={result.status === "RELEASED" ? "success" : "warning"}>
            {result.status === "RELEASED"
              ? `Released: ${result.released}. Nothing waits any more.`
              : `Released: ${result.released}, still waiting: ${result.left}. ${result.cause ?? ""}`}
          </Alert>
        )}
        {result === undefined &&
          (rehearsal.error !== null ? (
            <ReadError error={rehearsal.error} what="the rehearsal" />
          ) : rehearsal.data === undefined ? (
            <StatusIndicator type="loading">Rehearsing</StatusIndicator>
          ) : (
            <RehearsalReport rehearsal={rehearsal.data} />
          ))}
      </SpaceBetween>
    </Modal>
  )
}

const RehearsalReport = ({ rehearsal }: { readonly rehearsal: Rehearsal }) => (
  <SpaceBetween size="m">
    {rehearsal.folds ? (
      <Alert type="info">
        The rehearsal passed: the waiting commands would be decided as below. Your release is recorded.
      </Alert>
    ) : (
      <Alert type="warning" header="It still cannot be released">
        {rehearsal.cause}
      </Alert>
    )}
    <Table
      variant="embedded"
      wrapLines
      items={[...rehearsal.commands]}
      trackBy="commandId"
      empty="No command waits"
      columnDefinitions={[
        { id: "type", header: "Command", isRowHeader: true, cell: ({ type }) => shortName(type) },
        {
          id: "status",
          header: "Would be",
          cell: ({ status, rejection, reason }) => (
            <>
              <KindIndicator kind={status.toLowerCase()} />
              <Box variant="small" display="block">
                {rejection?.message ?? reason}
              </Box>
            </>
          ),
        },
        {
          id: "events",
          header: "Events",
          cell: ({ events }) => events.map(({ type, version }) => `${type} (${version})`).join(", ") || "–",
        },
      ]}
    />
    {rehearsal.views.length > 0 && (
      <Table
        variant="embedded"
        wrapLines
        items={rehearsal.views.flatMap(changesOf)}
        trackBy={({ view, key, path }) => `${view} ${key} ${path}`}
        columnDefinitions={[
          { id: "view", header: "View", isRowHeader: true, cell: ({ view }) => shortName(view) },
          { id: "path", header: "Field", cell: ({ path }) => path },
          { id: "before", header: "Now", cell: ({ before }) => before ?? "–" },
          {
            id: "after",
            header: "Then",
            cell: ({ after }) => <mark className="changed">{after ?? "removed"}</mark>,
          },
        ]}
      />
    )}
  </SpaceBetween>
)

/** The fields of a view's row that would change. */
const changesOf = ({ view, key, before, after }: Rehearsal["views"][number]) =>
  differencesOf(before, after)
    .filter(({ isChanged }) => isChanged)
    .map(difference => ({ view, key, ...difference }))
