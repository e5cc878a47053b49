import { afterAll, beforeAll, expect, test } from "vitest"
import { type LambdaHost, startLambdaHost } from "./lambdaHost.ts"

let lambda: LambdaHost
beforeAll(async () => {
  lambda = await startLambdaHost()
})
afterAll(() => lambda.stop())

const code = { "index.js": "const loadedAt = Date.now(); exports.handler = async () => loadedAt" }

test("a function that was warmed is loaded before anybody asks, once; one beyond the maximum is not", async () => {
  const warmed = await lambda.deploy("warmed", code)
  const other = await lambda.deploy("other", code)
  await lambda.service.warm?.(1)
  await lambda.service.warm?.(1)
  const warmedAt = Date.now()
  const [first, second] = [await lambda.service.invoke(warmed, {}, {}), await lambda.service.invoke(warmed, {}, {})]
  expect(Number(first.payload)).toBeLessThanOrEqual(warmedAt)
  expect(second.payload).toBe(first.payload)
  expect(Number((await lambda.service.invoke(other, {}, {})).payload)).toBeGreaterThanOrEqual(warmedAt)
})
