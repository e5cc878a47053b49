import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { listOf, objectOf } from "../../../src/host/json.ts"
import { type ApiHost, failed, resolversOf, result, startApi } from "./apiHost.ts"

const schema = `
type Query { post(id: ID!): Post  posts(first: Int): [Post!]!  count: Int  slow: Int  strict: String!  later(by: Status): String
  deep(in: Deep, n: Int): Int  thing(of: String): Thing  seen(a: Int, b: Int = 5, c: Int! = 6, in: Seen): String  tags: [String] }
input Seen { d: Int e: Int }
input Deep { list: [DeepItem] } input DeepItem { at: Int! to: Int! }
interface Thing { id: ID } type Book implements Thing { id: ID  size: Int  names: [String] }
type Film implements Thing { id: ID  size: Float  names: String }
type Mutation { addPost(input: PostInput!): Post }
type Post { id: ID!  title: String  status: Status  comments: [Comment]  author: Author  secret: String  at: AWSDateTime }
type Comment { text: String!  author: Author }
type Author { name: String }
enum Status { DRAFT PUBLISHED }
input PostInput { title: String!  status: Status  tags: [String!] }
`

let batches: number[] = []
let slowCalls = 0
const resolvers = resolversOf(
  {
    "Query.post": ({ arguments: { id } }) => {
      if (id === "missing")
        return failed("no such post", "NotFound", { data: { id: "x", secret: 1 }, errorInfo: { a: 1 } })
      if (id === "noId") return { title: "t" }
      if (id === "badStatus") return { id: "1", status: "LOST", at: "yesterday" }
      return { id: String(id), title: `Post ${String(id)}`, status: "DRAFT", comments: [{ text: "a" }, { text: "b" }] }
    },
    "Query.posts": ({ arguments: { first } }) =>
      Array.from({ length: Number(first ?? 2) }, (_, i) => ({ id: String(i) })),
    "Query.count": () =>
      result({ value: 7, errors: [{ message: "beside", errorType: "Warning" }], responseHeaders: { "x-total": "7" } }),
    "Query.slow": () => {
      slowCalls++
      return new Promise(() => {})
    },
    "Query.thing": ({ arguments: { of } }) => ({ id: "1", ...(of !== undefined && { __typename: of }) }),
    "Query.seen": call => JSON.stringify(call.arguments),
    "Query.strict": () => failed("nothing", "Oops"),
    "Query.later": call => JSON.stringify(call.info),
    "Mutation.addPost": ({ arguments: { input } }) => ({ id: "new", ...(input as object) }),
  },
  {
    "Comment.author": calls => {
      batches.push(calls.length)
      return calls.map((_, index) => ({ name: `author ${index}` }))
    },
    "Post.author": calls => {
      batches.push(calls.length)
      return calls.map(call => ({ name: `of ${(call.source as { id: string }).id}` }))
    },
  },
)

let api: ApiHost
beforeAll(async () => {
  api = await startApi({ schema, resolvers })
})
afterAll(() => api.stop())

const messages = async (query: string, variables = {}) =>
  (await api.query(query, variables)).errors?.map(error => error.message)

describe("a GET request", () => {
  test("carries query, variables and operation name in the URL", async () => {
    const url = new URL(`${api.url}/graphql`)
    url.searchParams.set("query", "query One($id: ID!) { post(id: $id) { title } } query Two { count }")
    url.searchParams.set("variables", '{"id":"7"}')
    url.searchParams.set("operationName", "One")
    const response = await fetch(url, { headers: { "x-api-key": api.apiKey } })
    expect(await response.json()).toEqual({ data: { post: { title: "Post 7" } } })
  })
})

describe("a malformed request", () => {
  test("with an empty body is refused", async () => {
    const { status, body, headers } = await api.post("")
    expect(status).toBe(400)
    expect(body).toEqual({
      errors: [{ message: "Request body is empty.", errorType: "MalformedHttpRequestException" }],
    })
    expect(headers.get("x-amzn-errortype")).toBe("MalformedHttpRequestException")
    expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each(["meow", "{}", "[]", "{}}"])("%s is refused", async body => {
    expect(await api.post(body)).toMatchObject({
      status: 400,
      body: { errors: [{ message: "Unable to parse GraphQL query.", errorType: "MalformedHttpRequestException" }] },
    })
  })

  test("that is neither a POST nor a GET is refused", async () => {
    const response = await fetch(`${api.url}/graphql`, { method: "PUT", headers: { "x-api-key": api.apiKey } })
    expect(response.status).toBe(405)
  })

  test("that is a GET without a query is refused", async () => {
    const response = await fetch(`${api.url}/graphql`, { headers: { "x-api-key": api.apiKey } })
    expect(await response.json()).toMatchObject({ errors: [{ message: "Request body is empty." }] })
  })

  test("with several operations needs a name", async () => {
    const query = "query A { count } query B { strict }"
    expect(await api.post({ query })).toMatchObject({
      status: 400,
      body: { errors: [{ message: "Missing operation name." }] },
    })
    expect((await api.post({ query, operationName: "A" })).body.data).toEqual({ count: 7 })
  })

  test("to an API without schema is answered 502", async () => {
    const bare = await startApi({})
    expect(await bare.post({ query: "{ a }" })).toMatchObject({
      status: 502,
      body: { errors: [{ errorType: "GraphQLSchemaException", message: "No schema definition exists." }] },
    })
    await bare.stop()
  })
})

describe("an invalid document", () => {
  test("is answered 200 without data, with the place in the document", async () => {
    expect(await api.post({ query: "{badfield}" })).toMatchObject({
      status: 200,
      body: {
        data: null,
        errors: [
          {
            path: null,
            locations: [{ line: 1, column: 2, sourceName: null }],
            message:
              "Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'",
          },
        ],
      },
    })
  })

  test.each([
    ["{ post(id: 1) { nope } }", "FieldUndefined: Field 'nope' in type 'Post' is undefined @ 'post/nope'"],
    ["{ post(id: 1, x: 2) { id } }", "UnknownArgument: Unknown field argument x @ 'post'"],
    ["{ post { id } }", "MissingFieldArgument: Missing field argument id @ 'post'"],
    ["{ post(id: 1) }", "SubSelectionRequired: Sub selection required for type Post of field post @ 'post'"],
    ["{ posts }", "SubSelectionRequired: Sub selection required for type null of field posts @ 'posts'"],
    ["{ tags { x } }", "SubSelectionNotAllowed: Sub selection not allowed on leaf type null of field tags @ 'tags'"],
    ["{ count { x } }", "SubSelectionNotAllowed: Sub selection not allowed on leaf type Int of field count @ 'count'"],
    [
      '{ posts(first: "2") { id } }',
      "WrongType: argument 'first' with value 'StringValue{value='2'}' is not a valid 'Int' @ 'posts'",
    ],
    [
      "mutation { addPost(input: {status: DRAFT}) { id } }",
      "WrongType: argument 'input' with value 'ObjectValue{objectFields=[ObjectField{name='status', value=EnumValue{name='DRAFT'}}]}' is missing required fields '[title]' @ 'addPost'",
    ],
    [
      'mutation { addPost(input: {title: "t", foo: 1}) { id } }',
      "WrongType: argument 'input' with value 'ObjectValue{objectFields=[ObjectField{name='title', value=StringValue{value='t'}}, ObjectField{name='foo', value=IntValue{value=1}}]}' contains a field not in 'PostInput': 'foo' @ 'addPost'",
    ],
    [
      "mutation { addPost(input: {title: 5, foo: 1}) { id } }",
      "WrongType: argument 'input.title' with value 'IntValue{value=5}' is not a valid 'String' @ 'addPost'",
    ],
    [
      "{ deep(in: {list: [{at: 1, to: 1}, {at: {}, to: 1}]}) }",
      "WrongType: argument 'in.list[1].at' with value 'ObjectValue{objectFields=[]}' is not a valid 'Int' @ 'deep'",
    ],
    [
      "{ deep(in: {list: [{}]}) }",
      "WrongType: argument 'in.list[0]' with value 'ObjectValue{objectFields=[ObjectField{name='list', value=ArrayValue{values=[ObjectValue{objectFields=[]}]}}]}' is missing required fields '[at, to]' @ 'deep'",
    ],
    ["{ deep(in: 5) }", "WrongType: argument 'in' with value 'IntValue{value=5}' must be an object type @ 'deep'"],
    ["{ post(id: null) { id } }", "WrongType: argument 'id' with value 'NullValue{}' must not be null @ 'post'"],
    [
      "{ later(by: LOST) }",
      "WrongType: argument 'by' with value 'EnumValue{name='LOST'}' is not a valid 'Status' @ 'later'",
    ],
    [
      "query ($id: String!) { post(id: $id) { id } }",
      "VariableTypeMismatch: Variable type 'String!' doesn't match expected type 'ID!' @ 'post'",
    ],
    ["query ($x: Int) { count }", "UnusedVariable: Unused variable x"],
    ["{ posts(first: $n) { id } }", "UndefinedVariable: Undefined variable n @ 'posts'"],
    ["query ($x: Nope) { count(x: $x) }", "UnknownType: Unknown type Nope"],
    ["{ post(id: 1) { ...F } }", "UndefinedFragment: Undefined fragment F @ 'post'"],
    ["{ count } fragment F on Post { id }", "UnusedFragment: Unused fragment F"],
    ["{ count @foo }", "UnknownDirective: Unknown directive foo @ 'count'"],
    [
      "{ thing { ... on Book { a: size } ... on Film { a: size } } }",
      "FieldsConflict: a: they return differing types Int and Float @ 'thing'",
    ],
    [
      "{ thing { ... on Book { names } ... on Film { names } } }",
      "FieldsConflict: names: fields have different list shapes @ 'thing'",
    ],
    ["{ a: count a: strict }", "FieldsConflict: a: count and strict are different fields"],
  ])("%s is refused in AppSync's words", async (query, message) => {
    expect(await messages(query)).toContain(`Validation error of type ${message}`)
  })

  test("has one error for each refused argument, placed at the argument", async () => {
    const { errors } = await api.query("{ deep(in: {list: [{at: true, to: 1}], x: 1}, n: true) }")
    expect(errors).toMatchObject([{ locations: [{ line: 1, column: 8 }] }, { locations: [{ line: 1, column: 47 }] }])
  })

  test.each([
    ["{ ok: count @skip(if: true) @skip(if: true) }", 'The directive "@skip" can only be used once at this location.'],
    ["type Extra { a: Int } query { count }", 'The "Extra" definition is not executable.'],
  ])("that breaks a rule without a known form keeps graphql-js's sentence: %s", async (query, message) => {
    expect(await messages(query)).toEqual([message])
  })

  test("with wrong syntax names the offending token", async () => {
    expect(await messages("{ post(id: }")).toEqual(["Invalid Syntax : offending token '}' at line 1 column 12"])
  })
})

describe("a variable", () => {
  const add = "mutation ($input: PostInput!) { addPost(input: $input) { id } }"

  test("that is missing has been coerced to null", async () => {
    expect(await api.query("query ($id: ID!) { post(id: $id) { id } }")).toMatchObject({
      data: null,
      errors: [{ path: null, message: "Variable 'id' has coerced Null value for NonNull type 'ID!'" }],
    })
  })

  test.each([
    [{ input: {} }, "Variable 'input' has coerced Null value for NonNull type 'String!'"],
    [
      { input: { title: "t", foo: 1 } },
      "The variables input contains a field that is not defined for input object type 'PostInput' ",
    ],
    [
      { input: { title: "t", status: "LOST" } },
      "Variable 'input' has an invalid value : Invalid input for Enum 'Status'. No value found for name 'LOST'",
    ],
    [{ input: { title: 7 } }, "Variable 'input' has an invalid value : Expected type 'String' but was 'Integer'."],
  ])("%j is refused", async (variables, message) => {
    expect(await messages(add, variables)).toEqual([message])
  })
})

describe("an argument", () => {
  test("given by a variable without a value is null, and one inside an object is left out", async () => {
    const query = "query ($x: Int, $y: Int! = 1) { seen(a: $x, b: $x, c: $y, in: { d: $x, e: $y }) }"
    const { data } = await api.query(query)
    expect(JSON.parse(String(data?.seen))).toEqual({ a: null, b: null, c: 1, in: { e: 1 } })
  })

  test("that the document leaves out has its default or is left out", async () => {
    expect(JSON.parse(String((await api.query("{ seen }")).data?.seen))).toEqual({ b: 5, c: 6 })
  })
})

describe("a field", () => {
  test("of an interface needs the name of its type", async () => {
    expect(await api.query('{ thing(of: "Book") { __typename id } }')).toEqual({
      data: { thing: { __typename: "Book", id: "1" } },
    })
    expect((await api.query("{ thing { id } }")).errors).toEqual([
      {
        path: ["thing"],
        locations: null,
        message:
          "Can't resolve '/thing'. Abstract type 'Thing' must resolve to an Object type at runtime for field 'Query.thing'. Could not determine the exact type of 'Thing'",
      },
    ])
  })

  test("without a resolver is the property of its parent", async () => {
    expect(await api.query('{ p: post(id: "5") { id title comments { text } secret } }')).toEqual({
      data: { p: { id: "5", title: "Post 5", comments: [{ text: "a" }, { text: "b" }], secret: null } },
    })
  })

  test("that fails carries type, info and the selected part of its data", async () => {
    expect(await api.query('{ post(id: "missing") { id } }')).toEqual({
      data: { post: null },
      errors: [
        {
          path: ["post"],
          data: { id: "x" },
          errorType: "NotFound",
          errorInfo: { a: 1 },
          locations: [{ line: 1, column: 3, sourceName: null }],
          message: "no such post",
        },
      ],
    })
  })

  test("keeps its value beside appended errors, and sets response headers", async () => {
    const { body, headers } = await api.post({ query: "{ count }" })
    expect(body).toMatchObject({
      data: { count: 7 },
      errors: [{ message: "beside", errorType: "Warning", path: ["count"] }],
    })
    expect(headers.get("x-total")).toBe("7")
  })

  test("that is null against its type breaks its parent", async () => {
    expect(await api.query('{ post(id: "noId") { id title } }')).toEqual({
      data: { post: null },
      errors: [
        {
          path: ["post", "id"],
          locations: null,
          message: "Cannot return null for non-nullable type: 'ID' within parent 'Post' (/post/id)",
        },
      ],
    })
  })

  test("of a required root type leaves no data, and reports both errors", async () => {
    const { data, errors } = await api.query("{ strict }")
    expect(data).toBeNull()
    expect(errors?.map(error => error.message)).toEqual([
      "nothing",
      "Cannot return null for non-nullable type: 'String' within parent 'Query' (/strict)",
    ])
  })

  test("that does not serialize is null and says why", async () => {
    const { data, errors } = await api.query('{ post(id: "badStatus") { id status at } }')
    expect(data).toEqual({ post: { id: "1", status: null, at: null } })
    expect(errors?.map(error => error.message)).toEqual([
      "Can't serialize value (/post/status) : Invalid input for Enum 'Status'.",
      "Can't serialize value (/post/at) : Unable to serialize `yesterday` as a valid DateTime Object.",
    ])
  })

  test("that batches is resolved once for all its parents", async () => {
    batches = []
    const { data } = await api.query("{ posts(first: 3) { author { name } } }")
    expect(data?.posts).toEqual([0, 1, 2].map(id => ({ author: { name: `of ${id}` } })))
    expect(batches).toEqual([3])
  })

  test("sees its selection and the variables of the request", async () => {
    const seen = resolversOf({ "Query.posts": call => [{ id: "1", title: JSON.stringify(call.info) }] })
    const other = await startApi({ schema, resolvers: seen })
    const query = `query ($n: Int) { posts(first: $n) { id title: title ...F comments { text } } } fragment F on Post { when: at }`
    const { data } = await other.query(query, { n: 1 })
    const info = JSON.parse(String(objectOf(listOf(data?.posts)[0]).title))
    expect(info).toEqual({
      fieldName: "posts",
      parentTypeName: "Query",
      variables: { n: 1 },
      selectionSetList: ["id", "title", "when", "comments", "comments/text"],
      selectionSetGraphQL: "{\n  id\n  title: title\n  ...F\n  comments {\n    text\n  }\n}",
    })
    await other.stop()
  })

  test("that takes longer than 30 s fails", async () => {
    const answer = api.query("{ slow count }")
    await expect.poll(() => slowCalls, { timeout: 20_000 }).toBe(1)
    api.host.clock.advance(30_001)
    const { data, errors } = await answer
    expect(data).toEqual({ slow: null, count: 7 })
    expect(errors).toContainEqual(expect.objectContaining({ errorType: "ExecutionTimeout", path: ["slow"] }))
  })
})

describe("the limits of an API", () => {
  test("hold depth, resolvers and introspection", async () => {
    const limits = { QueryDepthLimit: 2, ResolverCountLimit: 1, IntrospectionConfig: "DISABLED" }
    const limited = await startApi({ schema, resolvers, api: limits })
    expect(await limited.query('{ post(id: "1") { id comments { text } } }')).toMatchObject({
      errors: [{ errorType: "QueryDepthLimitReached", path: ["post", "comments", 0, "text"] }, {}, {}, {}],
    })
    expect((await limited.query("{ a: count b: count }")).errors).toContainEqual(
      expect.objectContaining({ errorType: "ResolverExecutionLimitReached" }),
    )
    expect((await limited.query("{ __schema { queryType { name } } }")).data).toBeNull()
    await limited.stop()
    expect((await api.query("{ __schema { queryType { name } } }")).data).toEqual({
      __schema: { queryType: { name: "Query" } },
    })
  })

  test("hold the tokens of a document", async () => {
    const fields = Array.from({ length: 5001 }, (_, i) => `a${i}: count`).join(" ")
    expect(await messages(`{ ${fields} }`)).toEqual([expect.stringContaining("15000 tokens")])
  })
})

test("several APIs are told apart by their id", async () => {
  const second = api.create("AWS::AppSync::GraphQLApi", { Name: "b", AuthenticationType: "API_KEY" }, "Second")
  const id = String(second.attributes.ApiId)
  api.create("AWS::AppSync::GraphQLSchema", { ApiId: id, Definition: "type Query { other: String }" }, "SecondSchema")
  const key = String(api.create("AWS::AppSync::ApiKey", { ApiId: id }, "SecondKey").attributes.ApiKey)
  expect(second.attributes.GraphQLUrl).toBe(`${api.url}/apis/${id}/graphql`)
  const answer = await fetch(String(second.attributes.GraphQLUrl), {
    method: "POST",
    headers: { "x-api-key": key },
    body: JSON.stringify({ query: "{ other }" }),
  })
  expect(await answer.json()).toEqual({ data: { other: null } })
})
