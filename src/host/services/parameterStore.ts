import { type JsonOperation, jsonOperations, required } from "../endpoint/operations.ts"
import { type AwsCall, AwsError, type Host, type JsonObject, type Service } from "../host.ts"
import { listOf, textOf } from "../json.ts"

export interface StoredParameter {
  [key: string]: string | number
  name: string
  type: string
  value: string
  version: number
  modifiedAt: number
}

/** SSM Parameter Store. */
export interface ParameterStore extends Service {
  value(name: string): string | undefined
}

export function createParameterStore(host: Host): ParameterStore {
  const parameters = host.durable<StoredParameter>("ssm")

  const arn = (name: string) => `arn:aws:ssm:${host.region}:${host.accountId}:parameter/${name.replace(/^\//, "")}`
  const authorize = (call: AwsCall, action: string, name: string) =>
    host.iam.authorize(call.principal, `ssm:${action}`, arn(name))

  const put = (name: string, type: string, value: string): StoredParameter => {
    const known = parameters.get(name)
    if (known !== undefined && known.value === value && known.type === type) return known
    const version = (known?.version ?? 0) + 1
    const parameter = { name, type, value, version, modifiedAt: host.clock.now() / 1000 }
    parameters.set(name, parameter)
    return parameter
  }

  const shape = ({ name, type, value, version, modifiedAt }: StoredParameter): JsonObject => ({
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: modifiedAt,
    ARN: arn(name),
    DataType: "text",
  })

  const byPath: JsonOperation = (input, call) => {
    const path = `${required(input, "Path").replace(/\/$/, "")}/`
    authorize(call, "GetParametersByPath", path)
    const found = [...parameters.entries()].map(([, parameter]) => parameter)
    const below = found.filter(
      ({ name }) => name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes("/")),
    )
    return { Parameters: below.sort((a, b) => (a.name < b.name ? -1 : 1)).map(shape) }
  }

  return {
    name: "ssm",
    signingNames: ["ssm"],
    value: name => parameters.get(name.split(":")[0] ?? name)?.value,

    handle: jsonOperations({
      GetParameter: (input, call) => {
        const name = required(input, "Name")
        authorize(call, "GetParameter", name)
        const parameter = parameters.get(name)
        if (parameter === undefined) throw new AwsError("ParameterNotFound", "")
        return { Parameter: shape(parameter) }
      },

      GetParameters: (input, call) => {
        const names = listOf(input.Names).map(String)
        for (const name of names) authorize(call, "GetParameters", name)
        return {
          Parameters: names.flatMap(name => parameters.get(name) ?? []).map(shape),
          InvalidParameters: names.filter(name => parameters.get(name) === undefined),
        }
      },

      GetParametersByPath: byPath,

      PutParameter: (input, call) => {
        const name = required(input, "Name")
        authorize(call, "PutParameter", name)
        const known = parameters.get(name)
        if (known !== undefined && input.Overwrite !== true)
          throw new AwsError(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
          )
        const type = textOf(input.Type) ?? known?.type ?? "String"
        return { Version: put(name, type, required(input, "Value")).version, Tier: "Standard" }
      },

      DeleteParameter: (input, call) => {
        const name = required(input, "Name")
        authorize(call, "DeleteParameter", name)
        if (parameters.get(name) === undefined) throw new AwsError("ParameterNotFound", "")
        parameters.delete(name)
        return {}
      },
    }),

    resources: {
      "AWS::SSM::Parameter": {
        create: ({ properties, physicalName }) => {
          const name = textOf(properties.Name) ?? physicalName
          const type = textOf(properties.Type) ?? "String"
          const value = String(properties.Value ?? "")
          put(name, type, value)
          return { ref: name, attributes: { Type: type, Value: value, Arn: arn(name) } }
        },
        honours: ["Name", "Type", "Value"],
        indifferent: ["AllowedPattern", "DataType", "Description", "Tags", "Tier"],
      },
    },
  }
}
