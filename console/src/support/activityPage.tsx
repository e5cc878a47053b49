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
          description="Who looked at personal values, who released parked work, and why. Each line is an event, kept for ever; requests are listed for 45 days."
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
              isRowHeader: true,
              cell: ({ what, traceId }) => <Link href={`#/support/trace/${traceId}`}>{what}</Link>,
            },
            { id: "stream", header: "Aggregate", cell: ({ stream }) => <StreamLink stream={stream} /> },
            { id: "why", header: "Reason or cause", cell: ({ why }) => why },
            { id: "actor", header: "Person", cell: ({ actor }) => (actor === me ? `${actor} (you)` : actor) },
            { id: "at", header: "At", cell: ({ at }) => <span className="nowrap">{exactTimeText(at)}</span> },
          ]}
        />
      )}
    </Page>
  )
}
