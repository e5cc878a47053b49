import { expect, test } from "vitest"
import { findableText } from "../../../console/src/apiKeys/secret.ts"

const id = "0f3c9a52-1b7e-4d29-9c11-8a6f00d2e5b7"

test.each([
  ["a whole key, by its id: the secret stays where it is", `${id}.c2VjcmV0`, id],
  ["more than the shown part of a key", "0f3c9a52-1b7e-4d", "0f3c9a52"],
  ["the shown part itself", "0f3c9a52", "0f3c9a52"],
  ["the id of a command, or of anything else", id, id],
  ["an e-mail address", "ada@example.org", "ada@example.org"],
])("support finds requests by %s", (_, typed, found) => {
  expect(findableText(typed)).toBe(found)
})
