import { createRequire } from "node:module"

type Parser = { parse(xml: string): unknown }
let parser: Parser | undefined

/** Loaded on first use: most resolvers never see XML. */
function xmlParser(): Parser {
  if (parser === undefined) {
    const { XMLParser }: typeof import("fast-xml-parser") = createRequire(import.meta.url)("fast-xml-parser")
    parser = new XMLParser({ ignoreDeclaration: true, ignoreAttributes: false, attributeNamePrefix: "" })
  }
  return parser
}

/** `util.xml`. */
export const xml = {
  toMap: (text: string): unknown => xmlParser().parse(text) ?? null,
  toJsonString: (text: string, stringEncode?: boolean): string => {
    const json = JSON.stringify(xmlParser().parse(text))
    return stringEncode === true ? JSON.stringify(json) : json
  },
}
