import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import { functionOf, hostWith, roleWith } from "./localHost.ts"

const provider = (code: string, more: JsonObject = {}) => ({
  Role: roleWith(),
  Provider: functionOf(code, more),
})
const custom = (properties: JsonObject) => ({
  Type: "Custom::Thing",
  Properties: { ServiceToken: { "Fn::GetAtt": ["Provider", "Arn"] }, ...properties },
})
/** Shows a value of the stack as the name of a bucket. */
const shown = (value: JsonObject) => ({ Type: "AWS::S3::Bucket", Properties: { BucketName: value } })

const echo = `const response = require("cfn-response")
exports.handler = (event, context) =>
  response.send(event, context, response.SUCCESS, { said: event.RequestType + " " + JSON.stringify(event.ResourceProperties.deep) }, "thing-1")`

test("A custom resource is made by its function, which gets every value as text", async () => {
  const running = await hostWith({
    ...provider(echo),
    Thing: custom({ deep: { count: 3, on: true } }),
    Ref: shown({ Ref: "Thing" }),
    Said: shown({ "Fn::GetAtt": ["Thing", "said"] }),
  })
  expect(running.local.resources).toMatchObject({
    "app.Ref": "thing-1",
    "app.Said": 'Create {"count":"3","on":"true"}',
  })
  await running.stop()
})

test("A custom resource is asked again only when its properties change", async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "custom-"))
  const said = async (deep: number) => {
    const resources = { ...provider(echo), Thing: custom({ deep }), Said: shown({ "Fn::GetAtt": ["Thing", "said"] }) }
    const running = await hostWith(resources, { dataFolder })
    await running.stop()
    return running.local.resources["app.Said"]
  }
  expect(await said(1)).toBe('Create "1"')
  expect(await said(1)).toBe('Create "1"')
  expect(await said(2)).toBe('Update "2"')
})

test.each([
  [
    "a provider that answers FAILED",
    echo.replace("response.SUCCESS", "response.FAILED"),
    {},
    "the provider answered FAILED: See the details",
  ],
  ["a provider that throws", "exports.handler = async () => { throw new Error('no luck') }", {}, "no luck"],
  ["a provider in Java", "", { Runtime: "java21" }, "runs Node.js and Python functions only"],
])("With %s the rest of the app runs beside a stand-in, and the reason is named", async (_, code, more, reason) => {
  const lines: string[] = []
  const resources = { ...provider(code, more), Thing: custom({}) }
  const running = await hostWith(resources, { print: line => lines.push(line) })
  await running.stop()
  expect(lines.join("\n")).toContain("custom resource Custom::Thing failed, a stand-in takes its place")
  expect(lines.join("\n")).toContain(reason)
  await expect(hostWith(resources, { strict: true })).rejects.toThrow(reason)
})

test("A provider that does not answer is waited for as long as the resource's ServiceTimeout says", async () => {
  const Thing = custom({ ServiceTimeout: 2 })
  const started = hostWith({ ...provider("exports.handler = async () => {}"), Thing }, { strict: true })
  await expect(started).rejects.toThrow("the provider did not answer at the ResponseURL within 2 s")
})
