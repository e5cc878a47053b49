import ColumnLayout from "@cloudscape-design/components/column-layout"
import FormField from "@cloudscape-design/components/form-field"
import Input from "@cloudscape-design/components/input"
import Select from "@cloudscape-design/components/select"
import SpaceBetween from "@cloudscape-design/components/space-between"
import Tiles from "@cloudscape-design/components/tiles"
import type { IndexPrices, IndexSizeLimits } from "../model.generated.ts"
import { fineDollarsText } from "../money.ts"
import { forImages, pricesOf } from "./draft.ts"
import { rangeText, type Settings } from "./settings.ts"

export const settingsFieldNames = [
  "model",
  "storageClass",
  "numberOfShards",
  "numberOfReplicas",
  "inferenceType",
  "numberOfInferences",
].map(name => `settings.${name}`)

interface SettingsFieldsProps {
  readonly settings: Settings
  readonly prices: IndexPrices["prices"]
  readonly limits: IndexSizeLimits | undefined
  readonly errorAt: (path: string) => string | undefined
  readonly onChange: (changes: Settings) => void
}

/** The settings that most people choose. */
export function SettingsFields({ settings, prices, limits, errorAt, onChange }: SettingsFieldsProps) {
  const shared = { settings, errorAt, onChange }
  return (
    <SpaceBetween size="l">
      {settings.type !== "structured" && (
        <FormField stretch label="What it is for">
          <Tiles
            value={settings.treatUrlsAndPointersAsImages === true ? "images" : "text"}
            items={[
              { value: "text", label: "Text", description: "Finds documents by what they say." },
              { value: "images", label: "Images and text", description: "Finds images, given by their URLs, too." },
            ]}
            onChange={({ detail }) => onChange(forImages(detail.value === "images"))}
          />
        </FormField>
      )}
      <FormField
        label={
          <>
            Model <i>- optional</i>
          </>
        }
        description="What makes vectors of the documents."
        errorText={errorAt("settings.model")}
      >
        <Input
          value={textOf(settings.model)}
          placeholder="The default for text"
          onChange={({ detail }) => onChange({ model: detail.value === "" ? undefined : detail.value })}
        />
      </FormField>
      <ColumnLayout columns={2} minColumnWidth={280}>
        <SpaceBetween size="l">
          <Choice
            {...shared}
            name="storageClass"
            label="Storage class"
            options={optionsOf("storage", "a shard", prices)}
          />
          <Count
            {...shared}
            name="numberOfShards"
            label="Shards"
            description="Each holds a part of the documents. Shards can be added later, not taken away."
            range={limits && rangeText(1, limits.shardsMax)}
          />
          <Count
            {...shared}
            name="numberOfReplicas"
            label="Replicas"
            description="Copies of each shard. Replicas can be added later, not taken away."
            range={limits && rangeText(0, limits.replicasMax)}
          />
        </SpaceBetween>
        <SpaceBetween size="l">
          <Choice
            {...shared}
            name="inferenceType"
            label="Inference type"
            options={optionsOf("inference", "a node", prices)}
          />
          <Count
            {...shared}
            name="numberOfInferences"
            label="Inference nodes"
            description="They make vectors of documents and searches. With none, the index is paused."
            range={limits && rangeText(0, limits.inferencesMax)}
          />
        </SpaceBetween>
      </ColumnLayout>
    </SpaceBetween>
  )
}

type OneProps = Pick<SettingsFieldsProps, "settings" | "errorAt" | "onChange"> & {
  readonly name: string
  readonly label: string
}

interface Option {
  readonly value: string
  readonly label: string
  readonly description: string
}

function Choice({
  settings,
  errorAt,
  onChange,
  name,
  label,
  options,
}: OneProps & { readonly options: readonly Option[] }) {
  const value = textOf(settings[name])
  const chosen = options.find(option => option.value === value) ?? (value === "" ? null : { value, label: value })
  return (
    <FormField label={label} errorText={errorAt(`settings.${name}`)}>
      <Select
        options={options.map(option => ({ ...option }))}
        selectedOption={chosen}
        placeholder="The default"
        triggerVariant="option"
        onChange={({ detail }) => onChange({ [name]: detail.selectedOption.value })}
      />
    </FormField>
  )
}

interface CountProps extends OneProps {
  readonly description: string
  readonly range: string | undefined
}
const Count = ({ settings, errorAt, onChange, name, label, description, range }: CountProps) => (
  <FormField label={label} description={description} constraintText={range} errorText={errorAt(`settings.${name}`)}>
    <Input
      type="number"
      value={textOf(settings[name])}
      onChange={({ detail }) => onChange({ [name]: detail.value === "" ? undefined : Number(detail.value) })}
    />
  </FormField>
)

/** What there is of a kind and what it costs, as a choice. */
export const optionsOf = (kind: string, unit: string, prices: IndexPrices["prices"]): readonly Option[] =>
  pricesOf(kind, prices).map(({ name, hourMillionths }) => ({
    value: name,
    label: name,
    description: `${fineDollarsText(hourMillionths)} an hour for ${unit}`,
  }))

const textOf = (value: unknown) => (value === undefined ? "" : String(value))
