import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, describe, expect, test } from "vitest"
// @ts-expect-error The check runs before anything is compiled.
import { neverUsed } from "../../../bin/privileges.mjs"

const folder = mkdtempSync(join(tmpdir(), "foldline-unused-"))
afterEach(() => {
  for (const file of readdirSync(folder)) rmSync(join(folder, file))
})
afterAll(() => rmSync(folder, { recursive: true }))

const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/Things"
const unused = (roleName: string, action: string) => ({ roleName, actions: [action], resources: [table] })
const hosts = (...each: readonly (readonly object[])[]) =>
  each.map((statements, at) => writeFileSync(join(folder, `${at}.json`), JSON.stringify(statements)))

describe("a privilege", () => {
  test("that no host needed is named", () => {
    hosts([unused("App-FanoutRole", "dynamodb:Scan")], [unused("App-FanoutRole", "dynamodb:Scan")])
    expect(neverUsed(folder)).toEqual({ hosts: 2, unused: [`App-FanoutRole may dynamodb:Scan on ${table}`] })
  })

  test("that one function of a room needed once is needed by the room", () => {
    const both = [unused("App-NotifierOne", "dynamodb:Scan"), unused("App-NotifierTwo", "dynamodb:Scan")]
    hosts(both, both.slice(1))
    expect(neverUsed(folder).unused).toEqual([])
  })

  test("that only AWS itself uses is excused", () => {
    hosts([unused("App-FanoutRole", "dynamodb:ListStreams")])
    expect(neverUsed(folder).unused).toEqual([])
  })
})
