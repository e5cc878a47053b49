import { type XmlValue, xml } from "../endpoint/xml.ts"
import type { AwsReply } from "../host.ts"

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
/** Members whose items stand side by side instead of in a list element. */
const flat = ["Contents", "CommonPrefixes", "Deleted", "Bucket", "Part"]

/** An answer of S3. */
export const xmlDocument = (name: string, content: XmlValue): AwsReply => ({
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="${namespace}">${xml(content, flat)}</${name}>`,
})
