/** A stack once all its resources exist. */
export interface DeployedStack {
  readonly name: string
  readonly arn: string
  readonly parameters: Readonly<Record<string, string>>
  readonly outputs: readonly StackOutput[]
}

export interface StackOutput {
  readonly name: string
  readonly value: string
  readonly exportName?: string
}
