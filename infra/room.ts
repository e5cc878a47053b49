import type { AccessTo } from "./access.ts"
import type { FunctionDefaults } from "./roomFunction.ts"

/** What each room of the flow is built from. */
export interface RoomProps {
  readonly defaults: FunctionDefaults
  readonly access: AccessTo
  readonly busName: string
}
