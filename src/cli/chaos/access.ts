import type { Local } from "./hostProcess.ts"

/** The account's own way to the AWS endpoint. */
export const clientSettings = ({ endpointUrl, region }: Local) => ({
  endpoint: endpointUrl,
  region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 10,
})

/** The physical id of a resource. Throws when the template has none by this logical id. */
export function resourceNamed({ resources }: Local, logicalId: string): string {
  const found = Object.entries(resources).find(([path]) => new RegExp(`\\.${logicalId}([0-9A-F]{8})?$`).test(path))
  if (found === undefined) throw new Error(`the template has no ${logicalId}`)
  return found[1]
}
