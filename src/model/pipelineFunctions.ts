/** What a function talks to; the infrastructure gives each its resource. */
export type DataSourceName =
  | "none"
  | "viewStore"
  | "traceTable"
  | "idempotencyStore"
  | "bus"
  | "projectionEngine"
  | "caretaker"

interface PipelineFunction {
  readonly dataSource: DataSourceName
  /** Source, from the root of the repository. */
  readonly file: string
}

const at = <const Name extends DataSourceName>(dataSource: Name, name: string): PipelineFunction => ({
  dataSource,
  file: `resolvers/${name}.ts`,
})

const functions = {
  authorizeRequest: at("viewStore", "authorizeRequest"),
  publishCommand: at("bus", "publishCommand"),
  readRow: at("viewStore", "readRow"),
  readRows: at("viewStore", "readRows"),
  findByUnique: at("viewStore", "findByUnique"),
  readReceipt: at("traceTable", "readReceipt"),
  readOutcome: at("idempotencyStore", "readOutcome"),
  readTrace: at("traceTable", "readTrace"),
  findTraces: at("traceTable", "findTraces"),
  watch: at("traceTable", "watch"),
  passOn: at("none", "passOn"),
  askProjectionEngine: at("projectionEngine", "ask"),
  askCaretaker: at("caretaker", "ask"),
}

export type FunctionName = keyof typeof functions

/** The functions that all pipelines are made of. */
export const pipelineFunctions: Readonly<Record<FunctionName, PipelineFunction>> = functions
