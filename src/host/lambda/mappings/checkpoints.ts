import type { Host } from "../../host.ts"
import type { Mapping } from "./mapping.ts"

type Kept = { sourceArn: string; checkpoint?: string; enabled?: boolean }

/** What a mapping remembers over a kill: the last record that is done, and a switch that an SDK call has set. */
export interface CheckpointStore {
  load(mapping: Mapping): string | undefined
  save(mapping: Mapping, checkpoint: string): void
  isEnabled(mapping: Mapping): boolean
  enable(mapping: Mapping, enabled: boolean): void
  close(): void
}

/** A checkpoint of another stream does not count. */
export function openCheckpoints(host: Host, name = "lambda-mappings"): CheckpointStore {
  const kept = host.durable<Kept>(name)
  const read = (mapping: Mapping): Kept => {
    const found = kept.get(mapping.id)
    return found?.sourceArn === mapping.sourceArn ? found : { sourceArn: mapping.sourceArn }
  }
  return {
    load: mapping => read(mapping).checkpoint,
    save: (mapping, checkpoint) => kept.set(mapping.id, { ...read(mapping), checkpoint }),
    isEnabled: mapping => read(mapping).enabled ?? mapping.enabled,
    enable: (mapping, enabled) => kept.set(mapping.id, { ...read(mapping), enabled }),
    close: () => kept.close(),
  }
}
