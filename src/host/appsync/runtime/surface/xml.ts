import { createRequire } from "node:module"

type Parser = { parse(xml: string): unknown }
let parser: Parser | undefined

/** As `org.json.XML` reads it: numbers and booleans become such, the text beside attributes or elements is `content`. Loaded on first use. */
function xmlParser(): Parser {
  if (parser === undefined) {
    const { XMLParser }: typeof import("fast-xml-parser") = createRequire(import.meta.url)("fast-xml-parser")
    parser = new XMLParser({
      ignoreDeclaration: true,
      ignorePiTags: true,
      ignoreAttributes: false,
      attributeNamePrefix: "",
      parseAttributeValue: true,
      textNodeName: "content",
      numberParseOptions: { leadingZeros: false, hex: false },
    })
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
