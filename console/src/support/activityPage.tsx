import Header from "@cloudscape-design/components/header"
import Link from "@cloudscape-design/components/link"
import Table from "@cloudscape-design/components/table"
import { usePerson } from "../session.ts"
import { Page } from "../shell/page.tsx"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { exactTimeText } from "../time.ts"
import { useDeeds } from "./deeds.ts"
import { StreamLink } from "./streamLink.tsx"

/** Who of support did what, and why: each line is an event. */
export function ActivityPage() {
  const deeds = useDeeds()
  const { id: me } = usePerson()
  return (
    <Page
      title="Support activity"
      trail={[{ text: "Support", href: "#/support" }]}
      header={
        <Header
          variant="h1"
          description="Who looked at personal values or released parked work, and why. Each is an event in the log of its aggregate; this list goes back 45 days."
        >
          Support activity
        </Header>
      }
    >
      {deeds.error !== null ? (
        <ReadError error={deeds.error} what="what support did" />
      ) : (
        <Table
          items={[...deeds.items]}
          trackBy="traceId"
          wrapLines
          loading={deeds.isLoading}
          loadingText="Loading what support did"
          header={<Header description="Newest first.">Activity</Header>}
          empty={<Empty title="Nothing yet">Nobody has looked at personal values or released anything.</Empty>}
          pagination={<Pager of={deeds} />}
          columnDefinitions={[
            {
              id: "what",
              header: "What",
              minWidth: 140,
              isRowHeader: true,
              cell: ({ what, traceId }) => <Link href={`#/support/trace/${traceId}`}>{what}</Link>,
            },
            { id: "stream", header: "Aggregate", minWidth: 210, cell: ({ stream }) => <StreamLink stream={stream} /> },
            { id: "why", header: "Reason or cause", minWidth: 220, cell: ({ why }) => why },
            {
              id: "actor",
              header: "Person",
              minWidth: 190,
              cell: ({ actor }) => (actor === me ? `${actor} (you)` : actor),
            },
            { id: "at", header: "At", minWidth: 130, cell: ({ at }) => exactTimeText(at) },
          ]}
        />
      )}
    </Page>
  )
}
