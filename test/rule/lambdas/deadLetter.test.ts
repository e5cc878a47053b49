import { describe, expect, test } from "vitest"
import { readDeadLetter, rowLetter } from "../../../src/lambdas/deadLetter.ts"

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:decider:$LATEST"
const detail = { id: "m", type: "accounts.RenameAccount" }

/** What Lambda writes about an event that a function was not to have any more. */
const onFailure = (condition: string, more: Readonly<Record<string, unknown>>) => ({
  version: "1.0",
  requestContext: { functionArn, condition, approximateInvokeCount: 3 },
  requestPayload: { source: "foldline.actor", detail },
  ...more,
})
const read = (letter: unknown, attributes: Readonly<Record<string, string>> = {}) =>
  readDeadLetter({
    body: JSON.stringify(letter),
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: "String" as const }]),
    ),
  })

describe("the reason in a dead letter", () => {
  test("of a function that threw is its error", () => {
    const letter = onFailure("RetriesExhausted", { responsePayload: { errorType: "TypeError", errorMessage: "broke" } })
    expect(read(letter)).toMatchObject({ kind: "message", consumerArn: functionArn, reason: "TypeError: broke" })
  })

  test("is the same for the same fault, whatever the request", () => {
    const killed = (request: string) =>
      onFailure("RetriesExhausted", {
        responsePayload: {
          errorType: "Runtime.ExitError",
          errorMessage: `RequestId: ${request} Error: Runtime exited with error: signal: killed`,
        },
      })
    expect(read(killed("one")).reason).toBe("Runtime.ExitError: Runtime exited with error: signal: killed")
    expect(read(killed("two")).reason).toBe(read(killed("one")).reason)
  })

  test("of an event that grew too old says so, with what is known of the attempts", () => {
    expect(read(onFailure("EventAgeExceeded", { responsePayload: null })).reason).toBe(
      "EventAgeExceeded after 3 attempts",
    )
    expect(read(onFailure("EventAgeExceeded", {})).reason).toBe("EventAgeExceeded after 3 attempts")
    const told = onFailure("EventAgeExceeded", { responsePayload: { errorMessage: "Event age exceeded" } })
    expect(read(told).reason).toBe("EventAgeExceeded after 3 attempts: Event age exceeded")
  })

  test("of a function that was killed without an error is the condition", () => {
    expect(read(onFailure("RetriesExhausted", { responsePayload: null })).reason).toBe(
      "RetriesExhausted after 3 attempts",
    )
  })

  test("of a delivery that a rule gave up has the code, the message, or that there is neither", () => {
    const event = { source: "foldline.actor", detail }
    expect(read(event, { ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: "no" }).reason).toBe("NO_PERMISSIONS: no")
    expect(read(event, { ERROR_CODE: "TIMEOUT" }).reason).toBe("TIMEOUT")
    expect(read(event, { ERROR_MESSAGE: "no" }).reason).toBe("no")
    expect(read(event).reason).toBe("it could not be delivered")
  })
})

describe("a dead letter", () => {
  test("of a row that was set aside gives the row and why", () => {
    const row = { stream: "t/account/a", key: "t/ada/1" }
    expect(read(rowLetter(row, "it cannot be read"))).toEqual({ kind: "row", row, reason: "it cannot be read" })
  })

  test("of a timer is the command that it carries", () => {
    const message = { specversion: "1.0", id: "timer-1", type: "accounts.ExpireInvitation" }
    expect(read(message, { ERROR_CODE: "INTERNAL_ERROR" })).toMatchObject({
      kind: "message",
      message: { channel: "actor", event: message },
      reason: "INTERNAL_ERROR",
    })
  })

  test("of somebody else is told apart", () => {
    expect(read({ source: "aws.health", detail: {} }).kind).toBe("unknown")
  })
})
