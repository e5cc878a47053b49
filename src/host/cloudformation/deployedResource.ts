import type { CreatedResource } from "../host.ts"

export interface DeployedResource extends CreatedResource {
  readonly stackName: string
  readonly logicalId: string
  readonly type: string
}
