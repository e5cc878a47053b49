import { expect, test } from "vitest"
import { jsonPath } from "../../../src/host/apiGateway/rest/jsonPath.ts"

const body = {
  user: { name: "Ada", "last name": "L" },
  list: [{ id: 1 }, { id: 2, deep: { id: 3 } }],
  "a-b": true,
  "cognito:groups": "x",
}

test.each<[string, unknown]>([
  ["$", body],
  ["$.user.name", "Ada"],
  ["user.name", "Ada"],
  ["$['user']['last name']", "L"],
  ['$.user["name"]', "Ada"],
  ["$.a-b", true],
  ["$.cognito:groups", "x"],
  ["$.list[0].id", 1],
  ["$.list[-1].id", 2],
  ["$.list[*].id", [1, 2]],
  ["$.list.*.id", [1, 2]],
  ["$.list[0,1].id", [1, 2]],
  ["$.user['name','last name']", ["Ada", "L"]],
  ["$..id", [1, 2, 3]],
  ["$.list[7].id", undefined],
  ["$.none.at.all", undefined],
  ["$.user.constructor", undefined],
])("The JSONPath %s finds what is there", (path, found) => {
  expect(jsonPath(body, path)).toEqual(found)
})

test("A JSONPath with a filter is refused by name", () =>
  expect(() => jsonPath(body, "$.list[?(@.id>1)]")).toThrow("this host cannot read the JSONPath $.list[?(@.id>1)]"))
