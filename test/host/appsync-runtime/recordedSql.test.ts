import { describe, expect, test } from "vitest"
import { evaluated } from "./evaluated.ts"

interface Request {
  readonly statements: readonly string[]
  readonly variableMap: Record<string, unknown>
  readonly variableTypeHintMap: Record<string, string>
}

const pg = (statement: string) => evaluated(`rds.createPgStatement(${statement})`) as Request
const sqlOf = ({ statements, variableMap }: Request) => [...statements, ...Object.values(variableMap)]

describe("the SQL that AWS was recorded to write", () => {
  test.each([
    [
      'select({ table: "UserGroup", where: { or: [{ name: { eq: "Ada" } }, { id: { gt: 10 } }] }, limit: 10, offset: 1, columns: ["id", "name"], orderBy: [{ column: "name" }, { column: "id", dir: "desc" }] })',
      'SELECT "id", "name" FROM "UserGroup" WHERE ("name" = :P0) OR ("id" > :P1) ORDER BY "name" ASC, "id" DESC LIMIT :P2 OFFSET :P3',
      ["Ada", 10, 10, 1],
    ],
    [
      'select({ table: "s", where: { n: { le: 1 }, and: [{ id: { eq: 2 } }], gone: { attributeExists: false } } })',
      'SELECT * FROM "s" WHERE "n" <= :P0 AND ("id" = :P1) AND "gone" IS NULL',
      [1, 2],
    ],
    [
      'select({ table: "s", where: { id: { eq: 0 }, or: [{ id: { eq: 1 } }, { or: [{ id: { eq: 2 } }, { id: { eq: 3 } }] }, { id: { eq: 4 } }] } })',
      'SELECT * FROM "s" WHERE "id" = :P0 AND ("id" = :P1) OR (("id" = :P2) OR ("id" = :P3)) OR ("id" = :P4)',
      [0, 1, 2, 3, 4],
    ],
    [
      'select({ table: "s", where: { a: { eq: 1, gt: 0 } } })',
      'SELECT * FROM "s" WHERE "a" = :P0 AND "a" > :P1',
      [1, 0],
    ],
    ['select({ table: "s", where: { a: { size: { eq: null } } } })', 'SELECT * FROM "s" WHERE LENGTH ("a") = NULL', []],
    ['select({ table: "s", where: { a: { contains: "x" } } })', 'SELECT * FROM "s" WHERE "a" LIKE :P0', ["%x%"]],
    ['select({ table: "s", where: { a: { beginsWith: "x" } } })', 'SELECT * FROM "s" WHERE "a" LIKE :P0', ["x%"]],
    ['select({ table: "s", where: { a: { notContains: "x" } } })', 'SELECT * FROM "s" WHERE "a" NOT LIKE :P0', ["x"]],
    [
      'select({ table: "s", where: { a: { between: [null, 5] } } })',
      'SELECT * FROM "s" WHERE "a" BETWEEN NULL AND :P0',
      [5],
    ],
    ['select({ from: "domain.color", columns: ["a", "p.*"] })', 'SELECT "a", "p"."*" FROM "domain"."color"', []],
    ['select({ table: { people: "p" }, columns: "*" })', 'SELECT * FROM "p" as "people"', []],
    ['select({ table: "s", columns: [], orderBy: [], where: {} })', 'SELECT FROM "s"', []],
    ['select({ table: "s", where: { and: [{ or: [] }] } })', 'SELECT * FROM "s"', []],
    ['select({ table: "s", where: { or: [{}, {}] } })', 'SELECT * FROM "s" WHERE  OR', []],
    ['select({ table: "s", where: { a: { size: {}, eq: 1 } } })', 'SELECT * FROM "s" WHERE  AND "a" = :P0', [1]],
    ['select({ table: "s", where: { a: { eq: 1 }, b: {} } })', 'SELECT * FROM "s" WHERE "a" = :P0 AND', [1]],
    ['select({ table: "s", limit: "5" })', 'SELECT * FROM "s" LIMIT :P0', [5]],
    ['select({ table: "s", where: rds.sql(["id = ", ""], 1) })', 'SELECT * FROM "s" WHERE id = :P0', [1]],
    [
      'insert({ table: "p", values: { a: "x", b: null, c: false }, returning: ["id"] })',
      'INSERT INTO "p" ("a", "b", "c") VALUES (:P0, NULL, :P1) RETURNING "id"',
      ["x", false],
    ],
    ['update({ table: "p", values: {}, where: { id: { eq: 1 } } })', 'UPDATE "p" SET WHERE "id" = :P0', [1]],
    ['remove({ table: "p", where: {}, returning: "*" })', 'DELETE FROM "p" RETURNING *', []],
  ])("of %s", (statement, sql, values) => expect(sqlOf(pg(`rds.${statement}`))).toEqual([sql, ...values]))

  test("numbers the variables of both statements on, with their type hints", () => {
    const interpolated = (text: string, ...values: string[]) =>
      `rds.sql\`${text.replaceAll("?", () => `$\{${values.shift()}}`)}\``
    const insert = interpolated("insert into Post values(?, ?)", "rds.typeHint.UUID('u')", "'t'")
    const request = pg(`${insert}, ${interpolated("select ?", "'u'")}`)
    expect(request).toEqual({
      statements: ["insert into Post values(:P0, :P1)", "select :P2"],
      variableMap: { ":P0": "u", ":P1": "t", ":P2": "u" },
      variableTypeHintMap: { ":P0": "UUID" },
    })
  })

  test("quotes for MySQL with backticks", () => {
    const request = evaluated('rds.createMySQLStatement(rds.remove({ table: "d.p", where: { id: { eq: 1 } } }))')
    expect(sqlOf(request as Request)).toEqual(["DELETE FROM `d`.`p` WHERE `id` = :P0", 1])
  })
})

describe("what AWS was recorded to say of", () => {
  test.each([
    ["rds.createPgStatement()", "An argument is expected to be passed to createPgStatement"],
    ["rds.createMySQLStatement({})", "Unsupported type is passed as argument to createMySQLStatement"],
    ["rds.select()", "An argument is expected to be passed to select"],
    ["rds.select([])", "Expected payload to be an Object."],
    ['rds.sql(["a"], 1, 2)', "java.lang.IllegalArgumentException: Unexpected argument passed to sql tagged template"],
    ['rds.createPgStatement(rds.insert({ from: "p", values: {} }))', "'table' or 'from' key is required."],
    ['rds.createPgStatement(rds.select({ from: "a", table: "b" }))', "'from' and 'table' keys cannot be used together"],
    ["rds.createPgStatement(rds.select({ table: {} }))", "java.util.NoSuchElementException"],
    ["rds.createPgStatement(rds.select({ table: 1 }))", "table name is expected to be a string or alias."],
    ['rds.createPgStatement(rds.select({ table: "t", columns: "a" }))', "Expected column to be * or an array."],
    ['rds.createPgStatement(rds.select({ table: "t", where: { a: { eq: null } } }))', "Value for a.eq can't be null."],
    ['rds.createPgStatement(rds.select({ table: "t", where: { a: { in: [1] } } }))', "Unsupported condition a.in."],
    [
      'rds.createPgStatement(rds.select({ table: "t", where: { a: { between: [1] } } }))',
      "a.between condition expects an array with 2 values but received an array with length 1.",
    ],
    [
      'rds.createPgStatement(rds.select({ table: "t", orderBy: [{ column: "a", dir: "; DROP" }] }))',
      "orderBy dir can have either ASC or DESC found ; DROP.",
    ],
    ['rds.createPgStatement(rds.select({ table: "t", limit: "" }))', "limit expects a number."],
    ['rds.createPgStatement(rds.update({ table: "t" }))', "values are expected to be passed to update"],
    ['rds.createMySQLStatement(rds.remove({ table: "t", returning: ["id"] }))', "returning is not supported in MySQL."],
  ])("%s", (expression, message) => expect(evaluated(expression)).toEqual({ message }))
})

test("rows of an RDS answer have a member for each value that is not null; a change has one empty row", () => {
  const answer = JSON.stringify({
    sqlStatementResults: [
      { numberOfRecordsUpdated: 1, generatedFields: [] },
      {
        columnMetadata: [{ label: "id" }, { name: "tags" }, { label: "IS ACTIVE", name: "active" }, { name: "gone" }],
        records: [
          [
            { longValue: 1 },
            { arrayValue: { arrayValues: [{ longValues: [1, 2] }, { stringValues: ["a"] }] } },
            { booleanValue: false },
            { isNull: true },
          ],
        ],
      },
    ],
  })
  expect(evaluated("util.rds.toJsonObject(ctx.args.answer)", { arguments: { answer } })).toEqual([
    [{}],
    [{ id: 1, tags: [[1, 2], ["a"]], "IS ACTIVE": false }],
  ])
})
