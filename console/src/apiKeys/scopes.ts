import type { ApiKeyScope } from "../model.generated.ts"

/** What a key may do, as a choice. */
export const scopeOptions: readonly {
  readonly value: ApiKeyScope
  readonly label: string
  readonly description: string
}[] = [
  { value: "admin", label: "Admin", description: "Everything, also creating and deleting indexes" },
  { value: "read_write", label: "Read-Write", description: "Documents and searches" },
  { value: "read", label: "Read", description: "Searches and reading documents" },
]

export const scopeLabel = (scope: ApiKeyScope) => scopeOptions.find(({ value }) => value === scope)?.label ?? scope
