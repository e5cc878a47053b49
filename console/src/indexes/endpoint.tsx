import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard"
import type { SearchIndex } from "../model.generated.ts"

interface EndpointProps {
  readonly index: SearchIndex
  /** A button alone, without the address. */
  readonly isShort?: boolean
}

/** Where clients find an index, to copy; nothing while there is no such place. */
export const Endpoint = ({ index: { indexName, marqoEndpoint }, isShort = false }: EndpointProps) =>
  marqoEndpoint === "" ? (
    "–"
  ) : (
    <CopyToClipboard
      variant={isShort ? "icon" : "inline"}
      textToCopy={marqoEndpoint}
      copyButtonAriaLabel={`Copy the endpoint of ${indexName}`}
      copySuccessText="Endpoint copied"
      copyErrorText="Could not copy the endpoint"
    />
  )
