import type { CommandSender } from "../../core/ports.ts"
import type { Graphql } from "./client.ts"

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** Sends an automation's command as a mutation, on the trace of the event that caused it. */
export function appsyncCommandSender(graphql: Graphql): CommandSender {
  return {
    async send({ type, data }, { commandId, ...thread }) {
      await graphql(
        `mutation ($input: ${type}Input!, $thread: ThreadInput) { ${lowerFirst(type)}(input: $input, thread: $thread) { commandId status } }`,
        { input: { ...(data as object), commandId }, thread },
      )
    },
  }
}
