import { type JsonOperation, jsonOperations, required } from "../endpoint/operations.ts"
import { type AwsCall, AwsError, type Host, type JsonObject, type Service } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"

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
    host.iam.authorize(call.principal, `ssm:${action}`, arn(name.replace(/:\d+$/, "")))

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
        const [, plain = name, version] = /^([^:]+):(\d+)$/.exec(name) ?? []
        const parameter = parameters.get(plain)
        if (parameter === undefined) throw new AwsError("ParameterNotFound", "")
        // Only the newest version is kept.
        if (version !== undefined && parameter.version !== Number(version))
          throw new AwsError(
            "ParameterVersionNotFound",
            `Systems Manager could not find version ${version} of ${plain}. Verify the version and try again.`,
          )
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

      DeleteParameters: (input, call) => {
        const names = listOf(input.Names).map(String)
        for (const name of names) authorize(call, "DeleteParameters", name)
        const known = names.filter(name => parameters.get(name) !== undefined)
        for (const name of known) parameters.delete(name)
        return { DeletedParameters: known, InvalidParameters: names.filter(name => !known.includes(name)) }
      },

      DescribeParameters: (input, call) => {
        host.iam.authorize(call.principal, "ssm:DescribeParameters", "*")
        const filters = listOf(input.ParameterFilters).map(objectOf)
        const all = [...parameters.entries()].map(([, parameter]) => parameter)
        const found = all.filter(parameter => filters.every(filter => passes(parameter, filter)))
        return {
          Parameters: found.map(parameter => {
            const { Value: _, ...metadata } = shape(parameter)
            return { ...metadata, Tier: "Standard" }
          }),
        }
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
      // What CDK's `crossRegionReferences` writes for a stack of another region, and reads there: on this host all is one region.
      "Custom::CrossRegionExportWriter": {
        create: ({ properties, physicalName }) => {
          const { exports } = objectOf(properties.WriterProps)
          for (const [name, value] of Object.entries(objectOf(exports))) put(name, "String", String(value))
          return { ref: physicalName }
        },
        honours: ["*"],
      },
      "Custom::CrossRegionExportReader": {
        create: ({ properties, physicalName }) => ({
          ref: physicalName,
          attributes: objectOf(objectOf(properties.ReaderProps).imports),
        }),
        honours: ["*"],
      },
    },
  }
}

/** Does a parameter pass a filter of DescribeParameters? Throws AwsError InvalidFilterKey. */
function passes({ name, type }: StoredParameter, { Key, Option, Values }: JsonObject): boolean {
  const values = listOf(Values).map(String)
  if (Key === "Type") return values.includes(type)
  if (Key === "Path") {
    const below = (path: string) => name.slice(path.replace(/\/$/, "").length + 1)
    const isRecursive = Option === "Recursive"
    return values.some(
      path => name.startsWith(`${path.replace(/\/$/, "")}/`) && (isRecursive || !below(path).includes("/")),
    )
  }
  if (Key !== "Name") throw new AwsError("InvalidFilterKey", `The filter key ${String(Key)} is not valid here.`)
  if (Option === "BeginsWith") return values.some(value => name.startsWith(value))
  if (Option === "Contains") return values.some(value => name.includes(value))
  return values.includes(name)
}
