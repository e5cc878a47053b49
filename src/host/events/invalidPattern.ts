/** An event pattern that EventBridge refuses; the message is its reason. */
export class InvalidPattern extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = "InvalidPattern"
  }
}
