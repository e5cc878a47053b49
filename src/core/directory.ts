/** The directory's parts: the streams of an aggregate are spread over so many. */
export const directoryShards = 16

/** Ways into the event store besides a stream's id. Behind the store by a moment. */
export interface Directory {
  /** Streams of an aggregate in one part of the directory, in order, after `after`; of one tenant when told. */
  part(aggregate: string, shard: number, after?: string, tenant?: string): AsyncIterable<string>
  /** Streams whose events speak of the subject, in order, after `after`. */
  speaking(subject: string, after?: string): AsyncIterable<string>
  /** Gives up every unique value that is about the subject; how many there were. */
  releaseAbout(subject: string): Promise<number>
}
