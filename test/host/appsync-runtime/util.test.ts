import { describe, expect, test } from "vitest"
import { evaluated } from "./evaluated.ts"

describe("values that AWS was recorded to give", () => {
  const update = (expression: string) => `ddb.update({ key: { id: "1" }, update: ${expression} }).update`
  test.each([
    [`util.dynamodb.toDynamoDB("test")`, { S: "test" }],
    [`util.dynamodb.toDynamoDB(12345)`, { N: 12345 }],
    [`util.dynamodb.toDynamoDB(true)`, { BOOL: true }],
    [`util.dynamodb.toNull()`, { NULL: null }],
    [`util.dynamodb.toBinary("foo")`, { B: "foo" }],
    [`util.dynamodb.toNumberSet([1, 23, 4.56])`, { NS: [1, 23, 4.56] }],
    [
      `util.dynamodb.toS3Object("foo", "bar", "baz", "beep")`,
      { S: '{"s3":{"key":"foo","bucket":"bar","region":"baz","version":"beep"}}' },
    ],
    [
      `util.transform.toDynamoDBFilterExpression({ title: { contains: "Hello World" } })`,
      '{"expression":"(contains(#title,:title_contains))","expressionNames":{"#title":"title"},"expressionValues":{":title_contains":{"S":"Hello World"}}}',
    ],
    [
      `JSON.parse(util.transform.toDynamoDBConditionExpression({ id: { attributeExists: true }, version: { eq: 10 } })).expression`,
      "(attribute_exists(#id)) AND (#version = :version_eq)",
    ],
    [`ddb.get({ key: { id: "id" } })`, { operation: "GetItem", key: { id: { S: "id" } } }],
    [
      `ddb.put({ key: { id: "abc" }, item: { value: 10 } })`,
      { operation: "PutItem", key: { id: { S: "abc" } }, attributeValues: { value: { N: 10 } } },
    ],
    [`ddb.remove({ key: { id: "test" } })`, { operation: "DeleteItem", key: { id: { S: "test" } } }],
    [`ddb.scan({ limit: 10, nextToken: "abc" })`, { operation: "Scan", limit: 10, nextToken: "abc" }],
    [
      update("{ age: ddb.operations.increment(10) }"),
      {
        expression: "SET #expName_1 = #expName_1 + :expValue_1",
        expressionNames: { "#expName_1": "age" },
        expressionValues: { ":expValue_1": { N: 10 } },
      },
    ],
    [`${update("{ age: ddb.operations.decrement(1) }")}.expression`, "SET #expName_1 = #expName_1 - :expValue_1"],
    [
      `${update('{ tags: ddb.operations.append(["x"]) }')}.expression`,
      "SET #expName_1 = list_append(#expName_1, :expValue_1)",
    ],
    [
      `${update('{ tags: ddb.operations.prepend(["x"]) }')}.expression`,
      "SET #expName_1 = list_append(:expValue_1, #expName_1)",
    ],
    [
      update('{ name: "Ada", bio: null }'),
      {
        expression: "SET #expName_1 = :expValue_1, #expName_2 = :expValue_2",
        expressionNames: { "#expName_1": "name", "#expName_2": "bio" },
        expressionValues: { ":expValue_1": { S: "Ada" }, ":expValue_2": { NULL: null } },
      },
    ],
    [`ddb.operations.add(10)`, { type: "OPERATION_ADD", value: 10 }],
    [`ddb.operations.append(["a"])`, { type: "OPERATION_APPEND", items: ["a"] }],
    [`ddb.operations.increment(10)`, { type: "OPERATION_INCREMENT", by: 10 }],
    [`ddb.operations.replace("x")`, { type: "OPERATION_REPLACE", value: "x" }],
  ])("%s", (expression, expected) => {
    expect(evaluated(expression)).toEqual(expected)
  })
})

describe("values that AWS documents", () => {
  test.each([
    [`util.urlEncode("a b&c")`, "a+b%26c"],
    [`util.urlDecode("a+b%26c")`, "a b&c"],
    [`util.base64Decode(util.base64Encode("Zoë"))`, "Zoë"],
    [`util.escapeJavaScript('He said "no"')`, 'He said \\"no\\"'],
    [`util.matches("a*b", "aaaaab")`, true],
    [`util.matches("(?i)[\\\\p{Alpha}]+\\\\d++", "Abc123")`, true],
    [`"a.b.c".replace("[.]", "-")`, "a-b.c"],
    [`"2026-11-21".replaceAll("(\\\\d+)-(\\\\d+)", "$2/$1")`, "11/2026-21"],
    [`util.str.normalize("\\u0065\\u0301", "nfc")`, "é"],
    [`util.math.roundNum(2.5)`, 3],
    [`util.authType()`, "API Key Authorization"],
    [`util.autoKsuid().length`, 27],
    [`util.autoUlid().length`, 26],
    [`util.time.epochMilliSecondsToISO8601(1517476865180)`, "2018-02-01T09:21:05.180Z"],
    [`util.time.parseISO8601ToEpochMilliSeconds("2018-02-01T17:21:05.180+08:00")`, 1517476865180],
    [
      `util.time.parseFormattedToEpochMilliSeconds("2018-02-01 17:21:05.180+08:00", "yyyy-MM-dd HH:mm:ss.SSSXXX")`,
      1517476865180,
    ],
    [
      `util.time.parseFormattedToEpochMilliSeconds("2018-02-02 01:19:22", "yyyy-MM-dd HH:mm:ss", "Australia/Perth")`,
      1517505562000,
    ],
    [`util.time.epochMilliSecondsToFormatted(1517476865180, "yyyy-MM-dd HH:mm:ssZ")`, "2018-02-01 09:21:05+0000"],
    [
      `util.time.epochMilliSecondsToFormatted(1517476865180, "EEE, d MMM yyyy h:mm a", "America/New_York")`,
      "Thu, 1 Feb 2018 4:21 AM",
    ],
    [
      `util.xml.toMap('<?xml version="1.0" encoding="UTF-8"?><posts><post><id>1</id></post><post><id>2</id></post></posts>')`,
      { posts: { post: [{ id: 1 }, { id: 2 }] } },
    ],
    [
      `util.xml.toMap('<a n="1" s="x">text<b/><c>007</c><d>true</d></a>')`,
      { a: { n: 1, s: "x", content: "text", b: "", c: "007", d: true } },
    ],
    [`util.xml.toJsonString("<post><id>1</id></post>", true)`, '"{\\"post\\":{\\"id\\":1}}"'],
    [`util.time.parseISO8601ToEpochMilliSeconds("2018-02-01T17:21:05+08:00:30")`, 1517476835000],
    [
      `util.time.epochMilliSecondsToFormatted(1735603200000, "G EEEE QQQ YYYY-ww D e O 'o''clock'", "America/New_York")`,
      "AD Monday Q4 2025-01 365 2 GMT-5 o'clock",
    ],
    [`util.time.parseFormattedToEpochMilliSeconds("30 Feb 2018, 1 PM", "d MMM yyyy, h a")`, 1519822800000],
    [`util.http.copyHeaders({ host: "x", accept: "y" })`, { accept: "y" }],
    [
      `JSON.parse(util.transform.toElasticsearchQueryDSL({ upvotes: { ne: 15, range: [10, 20] }, title: { eq: "hihihi", wildcard: "h*i" } }))`,
      {
        bool: {
          must: [
            {
              bool: {
                must: [{ bool: { must_not: { term: { upvotes: 15 } } } }, { range: { upvotes: { gte: 10, lte: 20 } } }],
              },
            },
            { bool: { must: [{ term: { title: "hihihi" } }, { wildcard: { title: "h*i" } }] } },
          ],
        },
      },
    ],
  ])("%s", (expression, expected) => {
    expect(evaluated(expression)).toEqual(expected)
  })
})

describe("what Java refuses", () => {
  const unparsed = (text: string, reason: string) =>
    `java.time.format.DateTimeParseException: Text '${text}' could not be parsed${reason}`
  test.each([
    [
      `util.time.parseISO8601ToEpochMilliSeconds("2018-02-01T17:21:05")`,
      unparsed("2018-02-01T17:21:05", " at index 19"),
    ],
    [
      `util.time.parseISO8601ToEpochMilliSeconds("2018-02-30T17:21:05Z")`,
      unparsed("2018-02-30T17:21:05Z", ": Invalid date 'FEBRUARY 30'"),
    ],
    [
      `util.time.parseFormattedToEpochMilliSeconds("2018-13-01", "yyyy-MM-dd")`,
      unparsed("2018-13-01", ": Invalid value for MonthOfYear (valid values 1 - 12): 13"),
    ],
    [`util.time.parseFormattedToEpochMilliSeconds("2018/01", "yyyy-MM")`, unparsed("2018/01", " at index 4")],
    [
      `util.time.parseFormattedToEpochMilliSeconds("2018-01-01", "yyyy-MM")`,
      unparsed("2018-01-01", ", unparsed text found at index 7"),
    ],
    [
      `util.time.nowFormatted("yyyy", "Mars/Base")`,
      "java.time.zone.ZoneRulesException: Unknown time-zone ID: Mars/Base",
    ],
    [`util.time.nowFormatted("yyyy b")`, "java.lang.IllegalArgumentException: Unknown pattern letter: b"],
    [
      `util.str.normalize("a", "nfx")`,
      "java.lang.IllegalArgumentException: No enum constant java.text.Normalizer.Form.NFX",
    ],
    [
      `util.urlDecode("a%zzb")`,
      'java.lang.IllegalArgumentException: URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "zz"',
    ],
    [`util.urlDecode("a%4")`, "java.lang.IllegalArgumentException: URLDecoder: Incomplete trailing escape (%) pattern"],
    [`util.matches("[", "a")`, "java.util.regex.PatternSyntaxException: Unterminated character class in ["],
  ])("%s fails the code in Java's words", (expression, message) => {
    expect(evaluated(expression)).toEqual({ message })
  })
})

describe("helpers without a recording", () => {
  test("write a query with its filter and projection", () => {
    const query = evaluated(
      `ddb.query({ query: { id: { eq: "1" }, at: { beginsWith: "2026" } }, index: "byAt", filter: { n: { gt: 3 } }, projection: ["id", "a.b[1]"], limit: 5 })`,
    )
    expect(query).toEqual({
      operation: "Query",
      index: "byAt",
      limit: 5,
      query: {
        expression: "(#id = :id_eq) AND (begins_with(#at,:at_beginsWith))",
        expressionNames: { "#id": "id", "#at": "at" },
        expressionValues: { ":id_eq": { S: "1" }, ":at_beginsWith": { S: "2026" } },
      },
      filter: { expression: "(#n > :n_gt)", expressionNames: { "#n": "n" }, expressionValues: { ":n_gt": { N: 3 } } },
      projection: {
        expression: "#expName_1, #expName_2.#expName_3[1]",
        expressionNames: { "#expName_1": "id", "#expName_2": "a", "#expName_3": "b" },
      },
    })
  })

  test("keep a set a set when it is put", () => {
    const put = evaluated(`ddb.put({ key: { id: "1" }, item: { tags: ddb.toStringSet(["a"]), list: ["a"] } })`)
    expect(put).toMatchObject({ attributeValues: { tags: { SS: ["a"] }, list: { L: [{ S: "a" }] } } })
  })

  test("set the members of a nested object and remove on request", () => {
    const update = evaluated(
      `ddb.update({ key: { id: "1" }, update: { settings: { theme: "dark" }, old: ddb.operations.remove(), all: ddb.operations.replace({ a: 1 }) } }).update`,
    )
    expect(update).toMatchObject({
      expression: "SET #expName_1.#expName_2 = :expValue_1, #expName_3 = :expValue_2 REMOVE #expName_4",
      expressionValues: { ":expValue_1": { S: "dark" }, ":expValue_2": { M: { a: { N: 1 } } } },
    })
  })
})
