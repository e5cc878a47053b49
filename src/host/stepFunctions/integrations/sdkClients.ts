import type { Host } from "../../host.ts"
import type { StateMachine } from "../stateMachine.ts"
import type { SdkService } from "./sdkServices.ts"

interface SdkClient {
  send(command: object, options: { abortSignal: AbortSignal }): Promise<object>
  destroy(): void
}
type Class<T> = new (given: object) => T

/** The SDK's client of a service, with the credentials of a state machine's role; it calls this host. */
export interface SdkClients {
  clientOf(service: SdkService, machine: StateMachine): Promise<SdkClient>
  stop(): void
}

export function createSdkClients(host: Host): SdkClients {
  const clients = new Map<string, SdkClient>()
  return {
    clientOf: async (service, machine) => {
      const key = `${service.name}|${machine.roleArn}|${machine.name}`
      const known = clients.get(key)
      if (known !== undefined) return known
      const Client = member<SdkClient>(await service.load(), service.client)
      if (Client === undefined) throw new Error(`${service.name} has no client ${service.client}`)
      const client = new Client({
        endpoint: host.url,
        region: host.region,
        credentials: host.iam.credentialsFor(machine.roleArn, machine.name),
        maxAttempts: 1,
        forcePathStyle: true,
        disableHostPrefix: true,
      })
      clients.set(key, client)
      return client
    },
    stop: () => {
      for (const client of clients.values()) client.destroy()
    },
  }
}

/** The command of an action such as `putItem`; undefined when the service has no such action. */
export async function commandOf(service: SdkService, action: string): Promise<Class<object> | undefined> {
  return member<object>(await service.load(), `${action.charAt(0).toUpperCase()}${action.slice(1)}Command`)
}

function member<T>(module: object, name: string): Class<T> | undefined {
  const found: unknown = Reflect.get(module, name)
  return typeof found === "function" ? (found as Class<T>) : undefined
}
