import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { app } from "../contexts/index.ts"
import { contractFiles, type EventContracts, eventContracts } from "./contracts.ts"
import { graphqlSchema } from "./schema.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** The events that were released, or none yet. */
export function releasedEvents(): EventContracts {
  const file = path.join(root, contractFiles.events)
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as EventContracts) : {}
}

/** Releases the contracts as they are: what later changes are measured by. Only a deliberate break needs it between releases. */
export function releaseContracts(): void {
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), content)
  }
  write(contractFiles.events, `${JSON.stringify(eventContracts(app, releasedEvents()), null, 2)}\n`)
  write(contractFiles.schema, graphqlSchema(app))
}
