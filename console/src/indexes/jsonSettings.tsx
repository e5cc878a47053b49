import FormField from "@cloudscape-design/components/form-field"
import Textarea from "@cloudscape-design/components/textarea"
import "./indexes.css"

interface JsonSettingsProps {
  readonly text: string
  readonly fault: string | undefined
  readonly onType: (text: string) => void
}

/** Every setting of an index, as JSON. */
export const JsonSettings = ({ text, fault, onType }: JsonSettingsProps) => (
  <div className="json-settings">
    <FormField
      stretch
      label="Settings as JSON"
      description="Everything that the API knows: fields of a structured index, preprocessing, ANN parameters and more."
      constraintText="What is left out gets its default."
      errorText={fault}
    >
      <Textarea value={text} rows={14} spellcheck={false} onChange={({ detail }) => onType(detail.value)} />
    </FormField>
  </div>
)
