import { afterAll, describe, expect, test } from "vitest"
import { createResolvers } from "../../../src/host/appsync/resolvers.ts"
import { evaluateTemplate } from "../../../src/host/appsync/runtime/evaluateCode.ts"
import { newRun } from "../../../src/host/appsync/runtime/run.ts"
import { compileTemplates } from "../../../src/host/appsync/templates/mappingTemplates.ts"
import type { JsonObject } from "../../../src/host/host.ts"
import { createTestHost, fieldCall } from "./testApi.ts"

const api = createTestHost()
afterAll(() => api.close())

const none = [{ name: "none", properties: { Type: "NONE" } }]

/** Runs a unit resolver over NONE, which is written in VTL. */
function runTemplates(request: string, response: string, args: JsonObject = {}) {
  const properties = { DataSourceName: "none", RequestMappingTemplate: request, ResponseMappingTemplate: response }
  const resolvers = createResolvers(api.host, {
    dataSources: none,
    functions: [],
    environmentVariables: {},
    resolvers: [{ typeName: "Query", fieldName: "it", code: undefined, properties: { Kind: "UNIT", ...properties } }],
  })
  return resolvers.run(fieldCall("it", args))
}

/** What a request template sends, given as the text of its payload and of what goes before. */
const payloadOf = async (payload: string, before = "", args: JsonObject = {}) => {
  const request = `${before}{ "version": "2018-05-29", "payload": ${payload} }`
  const { value, errors } = await runTemplates(request, "$util.toJson($ctx.result)", args)
  return errors[0]?.message ?? value
}

describe("a mapping template", () => {
  const rows = JSON.stringify({
    sqlStatementResults: [{ columnMetadata: [{ label: "author" }], records: [[{ stringValue: "Mark Twain" }]] }],
  })
  const args = {
    rows,
    id: "7",
    text: 'say "hi"',
    list: [1, 2, 3],
    map: { a: 1, b: null },
    none: null,
    yes: true,
    no: false,
  }
  test.each<[string, unknown, string?]>([
    ['"$ctx.args.id"', "7"],
    ["$util.toJson($context.arguments.map)", { a: 1, b: null }],
    ['"$' + "{ctx.args.id}-$!" + "{ctx.args.none}-$ctx.args.list[1]-$ctx.args.map['a']\"", "7--2-1"],
    ['"$ctx.args.none"', "$ctx.args.none"],
    ['"$ctx.args.map.keySet() $ctx.args.list"', "[a, b] [1, 2, 3]"],
    ["$f.eq", 1, "#set($f = {'eq': 1, 'not': {'or': 2}})#if(!$util.isNull($f.eq) && $f.eq eq 1)#end"],
    ['"$f.not.or x.eq"', "2 x.eq", "#set($f = {'not': {'or': 2}})"],
    ["$util.toJson($ctx.args.text.toUpperCase().replace('HI', 'YOU'))", 'SAY "YOU"'],
    ["$x", 3, "#set($x = 1 + 1 * 2)"],
    ["$x", 2, "#set($x = 7 / 3)"],
    ["$x", 2.5, "#set($x = 10 / 4.0)"],
    ["$util.toJson($m)", { a: null, b: [null], c: null }, "#set($m = { 'a': $x, 'b': [$x] })$util.qr($m.put('c', $x))"],
    ['"$x"', "a7 #id = :id", '#set($x = "a$ctx.args.id #id = :id")'],
    ["#if($ctx.args.yes && !$ctx.args.no)1#else 2#end", 1],
    ["#if($ctx.args.none)1#elseif($ctx.args.id == '7')2#{else}3#end", 2],
    ["#if($ctx.args.list.size() > 2 || $ctx.args.list.isEmpty())1#end", 1],
    ["#if($empty)1#else 2#end", 1, '#set($empty = "")'],
    ["[#foreach($one in $ctx.args.list)$one#if($foreach.hasNext),#end#end]", [1, 2, 3]],
    ["[#foreach($one in $ctx.args.list)$one#if( $foreach.hasNext() ),#end#end]", [1, 2, 3]],
    ["[#foreach($one in $ctx.args.list)#if(!$foreach.first),#end$one#if($foreach.isLast()),9#end#end]", [1, 2, 3, 9]],
    ["[#foreach($one in $ctx.args.list)#if($one == 2)#break#end$one#end]", [1]],
    ['"#foreach($e in $ctx.args.map.entrySet())$e.key$foreach.count#end"', "a1b2"],
    ["$util.toJson($m)", { a: [1], b: "x" }, "#set($m = { 'a': [1] })$util.qr($m.put('b', 'x'))\n"],
    ["$util.toJson($m)", { a: { b: 1 } }, "#set($m = {'a': {}})#set($m.a.b = 1)"],
    ["$util.toJson($l)", [1, 4], "#set($l = [1..3])$util.qr($l.remove(1))#set($l[1] = 4)"],
    ["$util.dynamodb.toMapValuesJson({ 'a': 1, 'b': ['x'] })", { a: { N: 1 }, b: { L: [{ S: "x" }] } }],
    ["$util.dynamodb.toStringJson($ctx.args.id)", { S: "7" }],
    ["$util.toJson($util.defaultIfNull($ctx.args.none, $util.defaultIfNullOrEmpty('', 'x')))", "x"],
    ["$util.toJson($util.parseJson('{\"a\":1}').a)", 1],
    ["\"$util.typeOf($ctx.args.map) $util.isNullOrBlank(' ')\"", "Map true"],
    ["$util.toJson($util.list.copyAndRemoveAll($ctx.args.list, [2]))", [1, 3]],
    ["$util.transform.toDynamoDBFilterExpression({ 'a': { 'eq': 1 } })", filtered()],
    ["#pair('a' $ctx.args.id)", { a: "7" }, '#macro(pair $name $value){"$name": "$value"}#end'],
    ["[#twice($x)$x]", [1, 1, 2], "#set($x = 2)#macro(twice $x)#set($y = 1)$y,$y,#end"],
    ['"$greeting"', "hello 2", "#define($greeting)hello $x#end#set($x = 2)"],
    ['"#evaluate($text)"', "id 7", "#set($text = 'id $ctx.args.id')"],
    ["#again()", "#again(…) calls itself more than 20 times", "#macro(again)#again()#end"],
    ["#gone(1)", "#gone(…) is not a directive that this host knows"],
    ["\"$ctx.args.list.get( 0 )$ctx.args.map.put('c', $x)\"", "1$ctx.args.map.put('c', $x)"],
    [
      '"$util.str.toUpper("a")$util.str.toLower("B")$util.str.toReplace("hello world", "hello", "mellow")"',
      "Abmellow world",
    ],
    [
      '"$util.http.addResponseHeader("x-a", "1")$extensions.setSubscriptionFilter({"a": 1})$m.putAll({})"',
      "",
      "#set($m = {})",
    ],
    [
      '"$ctx.args.list.containsAll([1, 2]) $l.removeAll([1]) $l $l.lastIndexOf(3)"',
      "true true [2, 3] 1",
      "#set($l = [1..3])",
    ],
    [
      '"$parts.size() $parts.get(1).matches("[a-c]")"',
      "2 true",
      '#set($text = "a,b,,")#set($parts = $text.split(","))',
    ],
    ["[#foreach($one in [1..3])$one#if(!$foreach.last),#end#end]", [1, 2, 3]],
    ["$util.rds.toJsonString($ctx.args.rows)", [[{ author: "Mark Twain" }]]],
    ["1 ## a comment", "Unable to parse the JSON document: 'Expected"],
    ["{", "Unable to parse the JSON document: 'Expected"],
  ])("%s gives %j %s", async (payload, expected, before) => {
    const value = await payloadOf(payload, before, args)
    if (typeof expected === "string" && /^(Unable|#)/.test(expected)) expect(value).toContain(expected)
    else expect(value).toEqual(expected)
  })

  test("sets a subscription's filter, and prints nothing of it", async () => {
    const filter = "$extensions.setSubscriptionFilter($util.transform.toSubscriptionFilter({ 'id': { 'eq': '7' } }))"
    const { value, subscriptionFilter } = await runTemplates('{ "payload": null }', `${filter}null`)
    expect(value).toBeNull()
    expect(subscriptionFilter).toEqual({
      filterGroup: [{ filters: [{ fieldName: "id", operator: "eq", value: "7" }] }],
    })
  })

  test("reaches nothing of JavaScript through its references", async () => {
    expect(await payloadOf('"$util.constructor $ctx.args.__proto__ $util.toJson.constructor"')).toBe(
      "$util.constructor $ctx.args.__proto__ $util.toJson.constructor",
    )
  })

  test("returns early, fails, validates and appends errors", async () => {
    expect((await runTemplates('#return("early")', "$util.error('not reached')")).value).toBe("early")
    expect((await runTemplates("#return", "1")).value).toBeNull()
    expect((await runTemplates("{}", "1 #break 2")).value).toBe(1)
    expect((await runTemplates("#return($util.toJson(null))", "1")).value).toBeNull()
    expect((await runTemplates("#return($util.toJson({ 'a': 1 }))", "1")).value).toEqual({ a: 1 })
    const failed = await runTemplates("$util.error('no', 'Refused', { 'a': 1 })", "1")
    expect(failed.errors).toMatchObject([{ message: "no", errorType: "Refused", data: { a: 1 } }])
    const invalid = await runTemplates("$util.validate($ctx.args.ok, 'not ok')", "1", { ok: false })
    expect(invalid.errors).toMatchObject([{ message: "not ok", errorType: "CustomTemplateException" }])
    const soft = await runTemplates("$util.qr($util.appendError('soft', 'Soft'))\n{}", '"value"')
    expect([soft.value, soft.errors[0]?.message]).toEqual(["value", "soft"])
    expect((await runTemplates("  ", "1")).errors[0]).toMatchObject({
      message: "Template transformation yielded an empty response.",
      errorType: "MappingTemplate",
    })
  })

  test("logs the texts of values in the places of its format", () => {
    const template = `$util.log.info("{} has {}, {}", $ctx.args.name, [1, {"a": true}])$util.log.error($ctx.args)after`
    const { evaluationResult, logs } = evaluateTemplate({ template, context: '{"arguments":{"name":"Ada"}}' })
    expect({ evaluationResult, logs }).toEqual({
      evaluationResult: "after",
      logs: ["INFO - Ada has [1, {a=true}], {}", "ERROR - {name=Ada}"],
    })
  })

  test.each([
    ["2017-02-28", { kind: "error", error: { message: "broken", errorType: "Lambda:Unhandled" } }],
    ["2018-05-29", { kind: "value", json: '"seen Lambda:Unhandled"' }],
  ])("of version %s whose data source fails gives %j", (version, outcome) => {
    const { response } = compileTemplates({
      request: `{ "version" : "${version}", "operation": "Invoke" }`,
      response: '"seen $ctx.error.type"',
    })
    const failed = JSON.stringify({ arguments: {}, stash: {}, error: { message: "broken", type: "Lambda:Unhandled" } })
    expect(response?.(failed, newRun("API_KEY", Date.now))).toMatchObject(outcome)
  })

  test("that this host cannot read is named at start, and its field fails", async () => {
    const { errors } = await runTemplates("#set($x = )", "1")
    expect(api.warnings.at(-1)).toContain("the resolver Query.it: this host cannot read its request mapping template")
    expect(errors[0]?.message).toContain("Parse error on line 1")
  })

  test("of a pipeline shares the stash and what it puts into the arguments, and goes on after an early return of a function", async () => {
    const step = (functionId: string, request: string, response: string) => ({
      functionId,
      code: undefined,
      properties: {
        Name: functionId,
        DataSourceName: "none",
        RequestMappingTemplate: request,
        ResponseMappingTemplate: response,
      },
    })
    const resolvers = createResolvers(api.host, {
      dataSources: none,
      functions: [
        step("one", "$util.qr($ctx.args.input.put('owner', 'ada'))#return({ 'early': true })", "1"),
        step(
          "two",
          '{ "payload": { "seen": $ctx.prev.result.early, "stash": "$ctx.stash.x", "owner": "$ctx.args.input.owner" } }',
          "$util.toJson($ctx.result)",
        ),
      ],
      environmentVariables: {},
      resolvers: [
        {
          typeName: "Query",
          fieldName: "it",
          code: undefined,
          properties: {
            Kind: "PIPELINE",
            PipelineConfig: { Functions: ["one", "two"] },
            RequestMappingTemplate: "$util.qr($ctx.stash.put('x', 'kept'))\n{}",
            ResponseMappingTemplate: "$util.toJson($ctx.prev.result)",
          },
        },
      ],
    })
    const { value, errors } = await resolvers.run(fieldCall("it", { input: {} }))
    expect([value, errors]).toEqual([{ seen: true, stash: "kept", owner: "ada" }, []])
  })
})

function filtered(): JsonObject {
  return { expression: "(#a = :a_eq)", expressionNames: { "#a": "a" }, expressionValues: { ":a_eq": { N: 1 } } }
}
