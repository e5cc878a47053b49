/** What is made anew in every run: UUIDs, ULIDs, times, and long base64 such as a sealed value. */
const generated =
  /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|[0-9A-Za-z+/]{28,}={0,2}/g

/** The text with every generated value as `*`, so that the same work has the same name in every run of a fault plan. */
export const stableText = (text: string): string => text.replace(generated, found => (/\d/.test(found) ? "*" : found))
