import { type CollectionTag, Pair, parse, Scalar, type ScalarTag, YAMLMap, type YAMLSeq } from "yaml"
import type { Json } from "../host.ts"

const shortTags = [
  "And",
  "Base64",
  "Cidr",
  "Condition",
  "Equals",
  "FindInMap",
  "GetAZs",
  "GetAtt",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "Ref",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
]

/** YAML with CloudFormation's short tags (`!Sub`, `!GetAtt a.b`), as the long form that JSON templates have. */
export function parseYaml(text: string): Json {
  return parse(text, { customTags: shortTags.flatMap(tagsFor), schema: "core", merge: true })
}

function tagsFor(tag: string): (ScalarTag | CollectionTag)[] {
  const key = tag === "Ref" || tag === "Condition" ? tag : `Fn::${tag}`
  const wrap = (node: YAMLMap | YAMLSeq) => {
    const map = new YAMLMap()
    map.items.push(new Pair(new Scalar(key), node))
    return map
  }
  return [
    { tag: `!${tag}`, resolve: value => ({ [key]: value }) },
    { tag: `!${tag}`, collection: "seq", resolve: wrap },
    { tag: `!${tag}`, collection: "map", resolve: wrap },
  ]
}
