import { describe, expect, test } from "vitest"
import { awsScalars } from "../../../src/host/appsync/schema/scalars.ts"

const accepts = (name: string, value: unknown): boolean => {
  try {
    awsScalars.get(name)?.parseValue(value)
    return true
  } catch {
    return false
  }
}

describe.each<[string, { good: unknown[]; bad: unknown[] }]>([
  [
    "AWSDate",
    {
      good: ["1970-01-01", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30", "1970-01-01+05:30:15", "2024-02-29"],
      bad: ["1970-1-1", "2023-02-29", "2023-13-01", "today", 20230101, "1970-01-01T00:00"],
    },
  ],
  [
    "AWSTime",
    {
      good: ["12:00:34Z", "12:00:34.", "12:00:34.442+05:30", "12:00:34.442", "23:59", "12:00:34.442-07:00"],
      bad: ["25:00", "12:60", "noon", 12],
    },
  ],
  [
    "AWSDateTime",
    {
      good: ["1970-01-01T12:00:00Z", "1970-01-01T12:00:00.277Z", "1970-01-01T12:00+05:30", "-2017-01-01T00:00Z"],
      bad: ["1970-01-01T12:00:00", "1970-01-01", "2023-02-30T00:00Z", 0],
    },
  ],
  ["AWSTimestamp", { good: [0, -1, 1714986000], bad: [1.5, "soon", null] }],
  ["AWSEmail", { good: ["ada@example.com", "a.b+c@x.y.org"], bad: ["ada", "ada@", "@x.org", "a b@x.org"] }],
  [
    "AWSPhone",
    { good: ["+1 555 234 5678", "555-234-5678", "+4915112345678", "(555) 234 5678"], bad: ["12", "call me"] },
  ],
  [
    "AWSURL",
    { good: ["https://www.amazon.com/dp/1", "mailto:a@example.com"], bad: ["www.amazon.com", "https://x.org//a"] },
  ],
  [
    "AWSIPAddress",
    {
      good: ["127.0.0.1", "127.0.0.1/8", "::1", "1234:5678:9abc::/32"],
      bad: ["127.0.0.1/33", "127.0.0", "localhost", "::1/129"],
    },
  ],
])("an %s", (name, { good, bad }) => {
  test.each(good)("may be %j", value => expect(accepts(name, value)).toBe(true))
  test.each(bad)("is not %j", value => expect(accepts(name, value)).toBe(false))
})

describe("an AWSJSON", () => {
  const json = awsScalars.get("AWSJSON")

  test.each([
    ['{"a":1}', { a: 1 }],
    ["[1,2]", [1, 2]],
    ['"text"', "text"],
    ["1", 1],
  ])("is parsed for resolvers: %s", (text, value) => expect(json?.parseValue(text)).toEqual(value))

  test("that is not JSON is refused", () => expect(() => json?.parseValue("{a:1}")).toThrow("as a valid JSON"))

  test.each([
    [{ a: 1 }, '{"a":1}'],
    ['{"a":1}', '{"a":1}'],
    ["plain", '"plain"'],
    [true, "true"],
  ])("goes out as text: %j", (value, text) => expect(json?.serialize(value)).toBe(text))
})
