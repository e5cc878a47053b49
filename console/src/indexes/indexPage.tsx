import Alert from "@cloudscape-design/components/alert"
import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import ExpandableSection from "@cloudscape-design/components/expandable-section"
import Header from "@cloudscape-design/components/header"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useState } from "react"
import { pathIn } from "../accounts/chosen.ts"
import { mayWork } from "../accounts/roles.ts"
import { trailIn, UnderAccount } from "../accounts/underAccount.tsx"
import type { Account, Role, SearchIndex } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { Endpoint } from "./endpoint.tsx"
import { Estimate } from "./estimate.tsx"
import { DeleteIndexForm, ModifyIndexForm, PauseIndexForm } from "./forms.tsx"
import { IndexIndicator } from "./indicators.tsx"
import { useIndex } from "./queries.ts"
import { inferenceText, isPaused, settingsOf, sizeOf, storageText } from "./settings.ts"
import "./indexes.css"

interface PlaceProps {
  readonly accountId: string
  readonly indexName: string
}

/** One index: how it is, what it costs, and what may be done with it. */
export default function IndexPage({ accountId, indexName }: PlaceProps) {
  return (
    <UnderAccount accountId={accountId} title={indexName}>
      {(account, myRole) => <Index account={account} myRole={myRole} indexName={indexName} />}
    </UnderAccount>
  )
}

interface IndexProps {
  readonly account: Account
  readonly myRole: Role | undefined
  readonly indexName: string
}

function Index({ account, myRole, indexName }: IndexProps) {
  const { data: index, error, isLoading } = useIndex(account.accountId, indexName)
  const list = `#${pathIn(account.accountId, "indexes")}`
  return (
    <Page
      title={indexName}
      trail={[...trailIn(account), { text: "Indexes", href: list }]}
      header={
        <Header
          variant="h1"
          actions={index && <Actions index={index} isAllowed={account.status === "open" && mayWork(myRole)} />}
        >
          {indexName}
        </Header>
      }
    >
      {error !== null ? (
        <ReadError error={error} what="this index" />
      ) : isLoading ? (
        <StatusIndicator type="loading">Loading the index</StatusIndicator>
      ) : index ? (
        <Details index={index} />
      ) : (
        <Empty title="There is no such index" action={<Button href={list}>Go to the indexes</Button>} />
      )}
    </Page>
  )
}

function Actions({ index, isAllowed }: { readonly index: SearchIndex; readonly isAllowed: boolean }) {
  const [form, setForm] = useState<"edit" | "pause" | "resume" | "delete">()
  const close = () => setForm(undefined)
  const { status } = index
  if (status === "DELETED") return null
  const mayChange = isAllowed && status === "READY"
  const mayDelete = isAllowed && (status === "READY" || status === "FAILED")
  const why = isAllowed ? "Possible when the index is ready." : "A viewer may not change indexes."
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => setForm("delete")} disabled={!mayDelete} disabledReason={why}>
          Delete
        </Button>
        {isPaused(index) ? (
          <Button onClick={() => setForm("resume")} disabled={!mayChange} disabledReason={why}>
            Resume
          </Button>
        ) : (
          <Button onClick={() => setForm("pause")} disabled={!mayChange} disabledReason={why}>
            Pause
          </Button>
        )}
        <Button onClick={() => setForm("edit")} disabled={!mayChange} disabledReason={why}>
          Edit
        </Button>
      </SpaceBetween>
      {form === "edit" && <ModifyIndexForm index={index} onClose={close} />}
      {form === "resume" && (
        <ModifyIndexForm
          index={index}
          title={`Resume ${index.indexName}`}
          proposed={{ numberOfInferences: 1 }}
          onClose={close}
        />
      )}
      {form === "pause" && <PauseIndexForm index={index} onClose={close} />}
      {form === "delete" && <DeleteIndexForm index={index} onClose={close} />}
    </>
  )
}

function Details({ index }: { readonly index: SearchIndex }) {
  const settings = settingsOf(index)
  const { status, errorMsg, marqoVersion, createdAt } = index
  return (
    <SpaceBetween size="l">
      {errorMsg && <Trouble status={status} reason={errorMsg} />}
      <Container header={<Header>Index details</Header>}>
        <SpaceBetween size="l">
          <KeyValuePairs
            columns={3}
            minColumnWidth={170}
            items={[
              { label: "Status", value: <IndexIndicator index={{ ...index, errorMsg: null }} /> },
              { label: "Version", value: marqoVersion || "–" },
              { label: "Created", value: dateTimeText(createdAt) },
            ]}
          />
          <KeyValuePairs columns={1} items={[{ label: "Endpoint", value: <Endpoint index={index} /> }]} />
        </SpaceBetween>
      </Container>
      <Container header={<Header>Settings</Header>}>
        <SpaceBetween size="l">
          <KeyValuePairs
            columns={4}
            minColumnWidth={170}
            items={[
              { label: "Type", value: settings.type },
              { label: "Model", value: settings.model },
              { label: "Storage", value: storageText(settings) },
              { label: "Inference", value: inferenceText(settings) },
            ]}
          />
          <ExpandableSection headerText="All settings as JSON" headingTagOverride="h3">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
            <pre className="json-text" tabIndex={0}>
              {JSON.stringify(settings, null, 2)}
            </pre>
          </ExpandableSection>
        </SpaceBetween>
      </Container>
      {status !== "DELETED" && status !== "FAILED" && (
        <Container header={<Header>Cost</Header>}>
          <Estimate settings={sizeOf(settings)} />
        </Container>
      )}
    </SpaceBetween>
  )
}

function Trouble({ status, reason }: { readonly status: SearchIndex["status"]; readonly reason: string }) {
  if (status === "FAILED")
    return (
      <Alert type="error" header="The index failed">
        {reason} Delete it, and create another.
      </Alert>
    )
  return (
    <Alert type="warning" header="The last change was not made">
      {reason} The index is as it was before.
    </Alert>
  )
}
