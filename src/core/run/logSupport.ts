import { supportGroup } from "../authorize.ts"
import { commandToCloudEvent } from "../cloudEvent.ts"
import { kernelContext } from "../manifest.ts"
import type { CommandInfo, Message } from "../message.ts"
import type { Track } from "../ports.ts"
import { parseStream } from "../stream.ts"
import { type Handled, handleCommand } from "./handleCommand.ts"
import type { CommandPorts } from "./prepareCommand.ts"
import { trackMessage } from "./trackMessage.ts"

export interface LogPorts extends CommandPorts {
  readonly track: Track
}

/** Support finds what support did by this word. */
export const supportDid = "support"

/** What somebody of support does, and about which stream. The same command id makes it one event. */
export interface Deed {
  readonly by: string
  readonly stream: string
  readonly commandId: string
}

/**
 * Commits what somebody of support does as an event in the log of the aggregate, under a trace of its own that is found by the
 * aggregate's id, by the person and by the word `support`. Whoever calls it does the deed only when it is committed.
 */
export async function logSupport(
  ports: LogPorts,
  { by, stream, commandId }: Deed,
  command: Message,
): Promise<Handled & { readonly traceId: string }> {
  const time = ports.now()
  const traceId = ports.hash(`support/${commandId}`)
  const { tenant, id } = parseStream(stream)
  const info: CommandInfo = {
    id: ports.hash(`${commandId}/${time}`),
    commandId,
    traceId,
    hops: 0,
    actor: { id: by, kind: "person", groups: [supportGroup] },
    tenant,
    time,
  }
  const event = commandToCloudEvent(kernelContext.name, command, info)
  const handled = await handleCommand(ports, { type: event.type, data: command.data as Record<string, unknown>, info })
  if (!handled.duplicate) {
    await trackMessage(ports.app, ports.track, { channel: "actor", event }, [id, supportDid].filter(Boolean))
  }
  return { ...handled, traceId }
}
