/** SQS as the other services of the host use it. */
export interface Queues {
  /** Sends to a queue by ARN. Throws AwsError when there is no such queue or its policy refuses `by`. */
  send(
    queueArn: string,
    body: string,
    attributes?: Readonly<Record<string, SentAttribute>>,
    by?: { service: string; sourceArn: string },
    groupId?: string,
  ): Promise<void>
  exists(queueArn: string): boolean
  receive(queueArn: string, max: number): Promise<readonly QueueMessage[]>
  delete(queueArn: string, receiptHandle: string): Promise<void>
  /** Makes messages visible again at once (a failed batch). */
  release(queueArn: string, receiptHandle: string, afterMs: number): Promise<void>
  /**
   * Keeps a received message hidden while the host works on it, for the work takes real time and the visibility timeout the clock's.
   * Gives the way to let go: from then on the timeout runs again.
   */
  hold(queueArn: string, receiptHandle: string): () => void
  /** Calls back whenever a message may have become visible. */
  onMessage(queueArn: string, wake: () => void): void
}

/** A message attribute: text, or a value of another type (`Number`) as text. */
export type SentAttribute = string | { readonly type: string; readonly value: string }

/** A received SQS message as a Lambda event record carries it. */
export interface QueueMessage {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly md5OfBody: string
  readonly attributes: Record<string, string>
  readonly messageAttributes: Record<string, { dataType: string; stringValue?: string; binaryValue?: string }>
}
