import { describe, expect, test } from "vitest"
import { slopeOf, trendOf } from "../../../bench/trend.ts"

const samples = (rssMb: (done: number) => number) =>
  Array.from({ length: 30 }, (_, index) => {
    const done = (index + 1) * 100
    return { done, rssMb: rssMb(done), heapMb: 20 }
  })

describe("memory over many commands", () => {
  test("is told by what each command leaves behind", () => {
    const { rssKbEach, heapKbEach } = trendOf(samples(done => 100 + done / 500))
    expect(rssKbEach).toBeCloseTo(2)
    expect(heapKbEach).toBeCloseTo(0)
  })

  test("is looked at after the first third, when everything is loaded", () => {
    const { rssKbEach, rssMb } = trendOf(samples(done => (done < 900 ? done : 1_000)))
    expect(rssKbEach).toBeCloseTo(0)
    expect(rssMb).toEqual({ first: 1_000, last: 1_000 })
  })

  test("has no trend with less than three looks", () => {
    expect(trendOf(samples(() => 1).slice(0, 2)).rssKbEach).toBeUndefined()
    expect(slopeOf([])).toBeUndefined()
  })
})

test("the exponent of growth is 1 for what grows in proportion and 0 for what does not", () => {
  const logarithms = (value: (size: number) => number) =>
    [10, 100, 1_000].map(size => [Math.log10(size), Math.log10(value(size))] as const)
  expect(slopeOf(logarithms(size => 3 * size))).toBeCloseTo(1)
  expect(slopeOf(logarithms(() => 7))).toBeCloseTo(0)
})
