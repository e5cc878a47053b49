import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import { type CommandField, CommandForm, type Values } from "../commands/commandForm.tsx"
import type { CommandReceipt, SearchIndex } from "../model.generated.ts"
import { Estimate } from "./estimate.tsx"
import { modifying } from "./foreseen.ts"
import { usePrices, useSizeLimits } from "./queries.ts"
import { rangeText, type Settings, settingsOf, sizeOf } from "./settings.ts"
import { optionsOf } from "./settingsFields.tsx"

interface FormProps {
  readonly index: SearchIndex
  readonly onClose: () => void
  readonly onDone?: (receipt: CommandReceipt) => void
}

const counts = ["numberOfInferences", "numberOfShards", "numberOfReplicas"] as const

/** What a form's values ask for. */
const changesIn = (values: Values): Settings => ({
  inferenceType: values["settings.inferenceType"],
  ...Object.fromEntries(
    counts
      .map(name => [name, values[`settings.${name}`] ?? ""] as const)
      .filter(([, text]) => text.trim() !== "")
      .map(([name, text]) => [name, Number(text)]),
  ),
})

interface ModifyProps extends FormProps {
  readonly title?: string
  /** What is proposed in place of what is. */
  readonly proposed?: { readonly numberOfInferences: number }
}

/** Changes what may be changed of an index, and says what it will cost then. */
export function ModifyIndexForm({ title, proposed, ...props }: ModifyProps) {
  const { index } = props
  const { accountId, indexName } = index
  const { data: prices = [] } = usePrices()
  const { data: limits } = useSizeLimits(accountId)
  const now = settingsOf(index)
  const { inferenceType, numberOfInferences, numberOfShards, numberOfReplicas } = { ...now, ...proposed }
  const fields: readonly CommandField[] = [
    { name: "settings.inferenceType", label: "Inference type", options: optionsOf("inference", "a node", prices) },
    {
      name: "settings.numberOfInferences",
      label: "Inference nodes",
      type: "number",
      description: "With none, the index is paused.",
      ...(limits ? { constraint: rangeText(0, limits.inferencesMax) } : {}),
    },
    {
      name: "settings.numberOfShards",
      label: "Shards",
      type: "number",
      description: "Can only be added.",
      ...(limits ? { constraint: rangeText(now.numberOfShards, limits.shardsMax) } : {}),
    },
    {
      name: "settings.numberOfReplicas",
      label: "Replicas",
      type: "number",
      description: "Can only be added.",
      ...(limits ? { constraint: rangeText(now.numberOfReplicas, limits.replicasMax) } : {}),
    },
  ]
  return (
    <CommandForm
      {...props}
      title={title ?? `Edit ${indexName}`}
      mutation="modifyIndex"
      fields={fields}
      initial={{
        "settings.inferenceType": inferenceType,
        "settings.numberOfInferences": String(numberOfInferences),
        "settings.numberOfShards": String(numberOfShards),
        "settings.numberOfReplicas": String(numberOfReplicas),
      }}
      toInput={values => ({ accountId, indexName, settings: JSON.stringify(changesIn(values)) })}
      foresee={modifying}
      submitLabel="Save changes"
      doing={`Changing ${indexName}`}
      done="The index is being changed"
    >
      {values => <Estimate settings={{ ...sizeOf(now), ...changesIn(values) }} />}
    </CommandForm>
  )
}

export const PauseIndexForm = (props: FormProps) => {
  const { accountId, indexName } = props.index
  return (
    <CommandForm
      {...props}
      title={`Pause ${indexName}?`}
      mutation="modifyIndex"
      toInput={() => ({ accountId, indexName, settings: JSON.stringify({ numberOfInferences: 0 }) })}
      foresee={modifying}
      submitLabel="Pause"
      doing={`Pausing ${indexName}`}
      done="The index is being paused"
    >
      <Box>
        It keeps its documents and answers nobody until it is resumed. Inference costs nothing meanwhile; storage goes
        on to cost.
      </Box>
    </CommandForm>
  )
}

export const DeleteIndexForm = (props: FormProps) => {
  const { accountId, indexName } = props.index
  return (
    <CommandForm
      {...props}
      title={`Delete ${indexName}?`}
      mutation="deleteIndex"
      fields={[{ name: "typed", label: `To confirm, type ${indexName}` }]}
      check={({ typed }) =>
        typed === indexName ? undefined : { path: "typed", message: `Type ${indexName} to delete it.` }
      }
      toInput={() => ({ accountId, indexName })}
      submitLabel="Delete"
      doing={`Deleting ${indexName}`}
      done="The index is being deleted"
    >
      <Alert type="warning">The index goes with every document in it. This cannot be undone.</Alert>
    </CommandForm>
  )
}
