import { AwsError, type BusEntry, type Json } from "../../host.ts"
import {
  BadRequest,
  type CreateDataSource,
  isJsonObject,
  operationOf,
  requestObject,
  required,
  rolePrincipal,
} from "./dataSource.ts"

const eventsMax = 10

/** AMAZON_EVENTBRIDGE: PutEvents on the bus of the data source. A partly failed batch is no `ctx.error`. */
export const createEventBridgeSource: CreateDataSource = (host, definition) => {
  const busArn = required(definition, "EventBusArn")
  const role = rolePrincipal(definition)
  return {
    name: definition.name,
    type: definition.type,
    invoke: async input => {
      const request = requestObject(input)
      const operation = operationOf(request)
      if (operation !== "PutEvents") throw new BadRequest(`Unsupported operation '${operation}'.`)
      const events = Array.isArray(request.events) ? request.events : []
      if (events.length < 1 || events.length > eventsMax) {
        throw new BadRequest(`PutEvents takes 1 to ${eventsMax} events, not ${events.length}.`)
      }
      try {
        host.iam.authorize(role, "events:PutEvents", busArn)
        const entries = await host.buses.put(events.map(entryOf), busArn)
        const failed = entries.filter(entry => "ErrorCode" in entry)
        return { result: { Entries: entries.map(entry => ({ ...entry })), FailedEntryCount: failed.length } }
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        return { result: null, error: { type: `EventBridge:${error.code}`, message: error.message } }
      }
    },
  }
}

function entryOf(event: Json): BusEntry {
  if (!isJsonObject(event)) throw new BadRequest("An event must be an object with source, detailType and detail.")
  const { source, detailType, detail, time, resources } = event
  return {
    ...(typeof source === "string" ? { source } : {}),
    ...(typeof detailType === "string" ? { detailType } : {}),
    ...(detail === undefined ? {} : { detail: typeof detail === "string" ? detail : JSON.stringify(detail) }),
    ...(typeof time === "string" ? { time } : {}),
    ...(Array.isArray(resources) ? { resources: resources.map(String) } : {}),
  }
}
