import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { Breakable } from "../model/breakable.tsx"
import { durationText } from "../time.ts"
import { KindIndicator } from "./indicators.tsx"
import { flat, type StepNode, shortName } from "./trace.ts"
import "./support.css"

interface WaterfallProps {
  readonly trees: readonly StepNode[]
  readonly selected: StepNode | undefined
  readonly onSelect: (node: StepNode) => void
}

/** The steps as a tree by causation, each with the time from its cause to it. */
export function Waterfall({ trees, selected, onSelect }: WaterfallProps) {
  const [collapsed, setCollapsed] = useState<readonly string[]>([])
  const nodes = flat(trees)
  const totalMs = Math.max(1, ...nodes.map(({ toMs }) => toMs))
  const expanded = nodes.filter(({ id, children }) => children.length > 0 && !collapsed.includes(id))
  return (
    <Table
      items={[...trees]}
      trackBy="id"
      contentDensity="compact"
      wrapLines
      header={
        <Header counter={`(${nodes.length})`} description="Each bar reaches from the cause of a step to the step.">
          Steps
        </Header>
      }
      selectedItems={selected === undefined ? [] : [selected]}
      expandableRows={{
        getItemChildren: ({ children }) => [...children],
        isItemExpandable: ({ children }) => children.length > 0,
        expandedItems: [...expanded],
        onExpandableItemToggle: ({ detail }) =>
          setCollapsed(
            detail.expanded ? collapsed.filter(id => id !== detail.item.id) : [...collapsed, detail.item.id],
          ),
      }}
      ariaLabels={{
        expandButtonLabel: ({ step }) => `Show what ${shortName(step.component)} led to`,
        collapseButtonLabel: ({ step }) => `Hide what ${shortName(step.component)} led to`,
        tableLabel: "Steps",
      }}
      columnDefinitions={[
        {
          id: "component",
          header: "Step",
          isRowHeader: true,
          minWidth: 230,
          cell: node => (
            <Button variant="inline-link" onClick={() => onSelect(node)}>
              <Breakable name={shortName(node.step.component)} />
            </Button>
          ),
        },
        {
          id: "kind",
          header: "What happened",
          minWidth: 190,
          cell: ({ step: { kind, message, version } }) => (
            <>
              <KindIndicator kind={kind} />
              <Box variant="small" display="block">
                {[version !== null && version > 0 && `version ${version}`, message].filter(Boolean).join(", ")}
              </Box>
            </>
          ),
        },
        {
          id: "after",
          header: "At",
          minWidth: 80,
          cell: ({ toMs }) => <span className="nowrap">+{durationText(toMs)}</span>,
        },
        {
          id: "bar",
          header: "Timeline",
          minWidth: 220,
          width: "35%",
          cell: ({ fromMs, toMs, step }) => <Bar {...{ fromMs, toMs, totalMs, kind: step.kind }} />,
        },
      ]}
    />
  )
}

interface BarProps {
  readonly fromMs: number
  readonly toMs: number
  readonly totalMs: number
  readonly kind: string
}
const Bar = ({ fromMs, toMs, totalMs, kind }: BarProps) => (
  <div className="bar-row">
    <div className="bar-track">
      <div
        className="bar"
        data-kind={kind}
        style={{ left: `${(fromMs / totalMs) * 100}%`, width: `max(3px, ${((toMs - fromMs) / totalMs) * 100}%)` }}
      />
    </div>
    <span className="bar-text">{toMs > fromMs ? durationText(toMs - fromMs) : ""}</span>
  </div>
)
