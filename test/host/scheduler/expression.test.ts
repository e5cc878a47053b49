import { describe, expect, test } from "vitest"
import { parseScheduleExpression } from "../../../src/host/scheduler/expression.ts"

const from = Date.parse("2026-03-27T12:00:00Z")

/** The next due times after Friday, 27 March 2026, noon UTC, as `MM-DDThh:mm`. */
function dueTimes(text: string, zone?: string, count = 3): string[] {
  const expression = parseScheduleExpression(text, zone)
  const times: number[] = []
  for (let after = from; expression && times.length < count; ) {
    const due = expression.next(after, from)
    if (due === undefined) break
    times.push(due)
    after = due
  }
  return times.map(time => new Date(time).toISOString().slice(2, 16))
}

describe("a schedule expression", () => {
  test.each<[string, string | undefined, string[]]>([
    ["rate(5 minutes)", undefined, ["26-03-27T12:05", "26-03-27T12:10", "26-03-27T12:15"]],
    ["rate(1 day)", undefined, ["26-03-28T12:00", "26-03-29T12:00", "26-03-30T12:00"]],
    ["at(2026-07-01T09:00:00)", "Europe/Amsterdam", ["26-07-01T07:00"]],
    ["cron(15 10 * * ? *)", undefined, ["26-03-28T10:15", "26-03-29T10:15", "26-03-30T10:15"]],
    ["cron(0 18 ? * MON-FRI *)", undefined, ["26-03-27T18:00", "26-03-30T18:00", "26-03-31T18:00"]],
    ["cron(0/20 12 27 3 ? 2026)", undefined, ["26-03-27T12:20", "26-03-27T12:40"]],
    ["cron(0 8 L * ? *)", undefined, ["26-03-31T08:00", "26-04-30T08:00", "26-05-31T08:00"]],
    ["cron(0 8 1W * ? *)", undefined, ["26-04-01T08:00", "26-05-01T08:00", "26-06-01T08:00"]],
    ["cron(0 8 LW * ? *)", undefined, ["26-03-31T08:00", "26-04-30T08:00", "26-05-29T08:00"]],
    ["cron(0 8 ? * 2#1 *)", undefined, ["26-04-06T08:00", "26-05-04T08:00", "26-06-01T08:00"]],
    ["cron(0 8 ? * 6L *)", undefined, ["26-04-24T08:00", "26-05-29T08:00", "26-06-26T08:00"]],
    ["cron(0 0 29 2 ? *)", undefined, ["28-02-29T00:00", "32-02-29T00:00", "36-02-29T00:00"]],
    ["cron(30 2 * * ? *)", "Europe/Amsterdam", ["26-03-28T01:30", "26-03-30T00:30", "26-03-31T00:30"]],
  ])("%s in %s is due as on AWS", (text, zone, expected) => {
    expect(dueTimes(text, zone)).toEqual(expected)
  })

  test.each([
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "rate(5 seconds)",
    "cron(0 10 * * * *)",
    "cron(0 10 ? * ? *)",
    "cron(60 10 * * ? *)",
    "cron(0 10 * * ?)",
    "at(2026-07-01)",
    "every day",
  ])("%s is refused", text => {
    expect(parseScheduleExpression(text)).toBeUndefined()
  })

  test("with an unknown time zone is refused", () => {
    expect(parseScheduleExpression("rate(1 day)", "Mars/Olympus")).toBeUndefined()
  })
})
