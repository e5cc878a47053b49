import Header from "@cloudscape-design/components/header"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { useState } from "react"
import { Page } from "../shell/page.tsx"
import { contexts, type EventPlace } from "./catalogue.ts"
import { ContextPicture } from "./contextPicture.tsx"
import { EventPanel } from "./eventPanel.tsx"

/** The event model: what people and automations ask, what happens, and what can be read. */
export default function ModelPage() {
  const [selected, setSelected] = useState<EventPlace>()
  return (
    <Page
      title="Model"
      header={
        <Header
          variant="h1"
          description="From what is asked, to what happens, to what can be read. Choose an event to see its schema and who uses it."
        >
          Event model
        </Header>
      }
      panel={selected === undefined ? undefined : <EventPanel place={selected} />}
      isPanelOpen={selected !== undefined}
      onPanelToggle={isOpen => !isOpen && setSelected(undefined)}
    >
      <SpaceBetween size="l">
        {contexts.map(context => (
          <ContextPicture key={context.name} context={context} selected={selected} onSelect={setSelected} />
        ))}
      </SpaceBetween>
    </Page>
  )
}
