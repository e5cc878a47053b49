import { Tracer } from "@aws-lambda-powertools/tracer"

const tracer = new Tracer({ captureHTTPsRequests: false })

/** Shows an outside effect as a subsegment of the function's X-Ray trace, to be found by the request's trace id. */
export async function traced<Result>(name: string, traceId: string, effect: () => Promise<Result>): Promise<Result> {
  if (!tracer.isTracingEnabled()) return effect()
  const traced = tracer.provider.captureAsyncFunc(name, async subsegment => {
    try {
      subsegment?.addAnnotation("traceId", traceId)
      return await effect()
    } catch (error) {
      subsegment?.addErrorFlag()
      throw error
    } finally {
      subsegment?.close()
    }
  })
  return traced as Promise<Result>
}
