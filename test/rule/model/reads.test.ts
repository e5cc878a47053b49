import { describe, expect, test } from "vitest"
import { accountView } from "../../../src/contexts/accounts/accountView.ts"
import { members } from "../../../src/contexts/accounts/members.ts"
import { indexKeys, rowKey, uniqueKeys } from "../../../src/core/view.ts"
import { accountId, alice, memberAs, noMember, runField } from "./pipeline.ts"

const row = { accountId, name: "Acme", slug: "acme", status: "open", openedAt: "2026-01-01T00:00:00.000Z" }
const viewer = { authorizeRequest: memberAs("viewer") }
const pages = { items: [], nextToken: null }

describe("a row", () => {
  const account = { args: { accountId } }

  test("is read by the key under which it was written", () => {
    const { value, asked } = runField("Query.account", account, { ...viewer, readRow: { row, version: 3 } })
    const { partition, sort } = rowKey(accountView, row, "account")
    expect(asked[1]).toMatchObject({ operation: "GetItem", key: { partition: { S: partition }, sort: { S: sort } } })
    expect(value).toEqual({ ...row, version: 3 })
  })

  test.each(["a b", "o'neil (x)~!*", "50%+é/ü", "日本"])("is found when a key field is %s", strange => {
    const { asked } = runField("MyAccount.account", { source: { accountId: strange } })
    const { partition } = rowKey(accountView, { ...row, accountId: strange }, "account")
    expect(asked[0]).toMatchObject({ key: { partition: { S: partition } } })
  })

  test("that has not come so far says so, in a way to wait on", () => {
    const fresh = { args: { accountId, atLeastVersion: 4 } }
    for (const item of [{ row, version: 3 }, null])
      expect(runField("Query.account", fresh, { ...viewer, readRow: item }).error).toMatchObject({
        errorType: "NotYetVisible",
        errorInfo: { haveVersion: item?.version ?? 0, wantedVersion: 4, retryAfterMs: 200 },
      })
    expect(runField("Query.account", fresh, { ...viewer, readRow: { row, version: 4 } }).value).toMatchObject({
      version: 4,
    })
  })

  test("that is gone for good is null, not late", () => {
    const gone = { ...viewer, readRow: { gone: true, version: 5 } }
    expect(runField("Query.account", { args: { accountId, atLeastVersion: 5 } }, gone).value).toBeNull()
  })

  test("is refused to a stranger before it is read", () => {
    const { error, asked } = runField("Query.account", account, {
      authorizeRequest: noMember,
      readRow: { row, version: 3 },
    })
    expect(error?.errorType).toBe("Unauthorized")
    expect(asked.map(one => one.function)).toEqual(["authorizeRequest"])
  })

  test("of a projection has no version", () => {
    const counts = { accountId, members: 2, openInvitations: 0 }
    const { value } = runField("Account.counts", { source: row }, { readRow: { row: counts, revision: 9 } })
    expect(value).toEqual(counts)
  })
})

describe("a row by a unique value", () => {
  const found = { findByUnique: { items: [{ row: { accountId }, sort: `${accountId}/account/${accountId}` }] } }
  const bySlug = { args: { slug: " ACME " } }

  test("is found by the pointer that the view wrote, then authorized, then read", () => {
    const { value, asked } = runField("Query.accountBySlug", bySlug, {
      ...found,
      ...viewer,
      readRow: { row, version: 3 },
    })
    const [pointer] = uniqueKeys(accountView, row, "stream")
    expect(asked[0]).toMatchObject({ query: { expressionValues: { ":partition": { S: pointer?.partition } } } })
    expect(asked.map(one => one.function)).toEqual(["findByUnique", "authorizeRequest", "readRow"])
    expect(value).toEqual({ ...row, version: 3 })
  })

  test("is nothing for a stranger, as if it were not there", () => {
    const hidden = runField("Query.accountBySlug", bySlug, {
      ...found,
      authorizeRequest: noMember,
      readRow: { row, version: 3 },
    })
    const absent = runField("Query.accountBySlug", bySlug, { findByUnique: { items: [] } })
    expect([hidden.value, hidden.error]).toEqual([absent.value, absent.error])
    expect(hidden.value).toBeNull()
  })

  test("is nothing when the row has another value by now", () => {
    const renamed = { ...found, ...viewer, readRow: { row: { ...row, slug: "other" }, version: 4 } }
    expect(runField("Query.accountBySlug", bySlug, renamed).value).toBeNull()
  })
})

describe("a list", () => {
  const member = { accountId, personId: alice, role: "owner", name: null, since: "2026-01-01T00:00:00.000Z" }

  test("is a page of its partition, each row with its version", () => {
    const readRows = { items: [{ row: member, version: 1 }], nextToken: "more" }
    const { value, asked } = runField("Query.members", { args: { accountId, limit: 10 } }, { ...viewer, readRows })
    expect(asked[1]).toMatchObject({
      operation: "Query",
      limit: 10,
      consistentRead: true,
      query: { expressionValues: { ":partition": { S: rowKey(members, member, "account").partition } } },
    })
    expect(value).toEqual({ items: [{ ...member, version: 1 }], nextToken: "more" })
  })

  test("in the order of an index reads the key that the view wrote there", () => {
    const { asked } = runField(
      "Query.membersByRole",
      { args: { accountId, role: "owner" } },
      { ...viewer, readRows: pages },
    )
    const [key] = indexKeys(members, member, "account")
    expect(asked[1]).toMatchObject({
      index: "index1",
      query: {
        expressionNames: { "#partition": "partition1" },
        expressionValues: { ":partition": { S: key?.partition } },
      },
    })
  })

  test("of one's own takes the person from the identity", () => {
    const { asked } = runField("Query.myAccounts", { args: { personId: "someone-else" } }, { readRows: pages })
    expect(asked).toMatchObject([{ query: { expressionValues: { ":partition": { S: `${alice}/myAccounts.1` } } } }])
  })

  test("for an address takes it from a token in which it was verified, and from nowhere else", () => {
    const claims = { email: "Alice@Example.org", email_verified: "true" }
    const { asked } = runField("Query.myInvitations", { claims }, { readRows: pages })
    expect(asked).toMatchObject([
      { query: { expressionValues: { ":partition": { S: "alice%40example.org/myInvitations.1" } } } },
    ])
    expect(runField("Query.myInvitations", { claims: { email: "alice@example.org" } }).error?.errorType).toBe(
      "VerifiedEmailMissing",
    )
  })

  test("has a bounded page", () => {
    expect(runField("Query.members", { args: { accountId, limit: 101 } }, viewer).error?.errorType).toBe("InvalidLimit")
  })

  test("behind a relation takes its key from the source only", () => {
    const nested = { source: { accountId }, args: { accountId: "another" } }
    const { asked } = runField("Account.members", nested, { readRows: pages })
    expect(asked).toMatchObject([{ query: { expressionValues: { ":partition": { S: `${accountId}/members.1` } } } }])
  })
})

describe("a live view", () => {
  test("is watched by scope, by whoever may read it", () => {
    const watched = runField("Subscription.onMembersChanged", { args: { accountId } }, viewer)
    expect(watched.filter).toEqual({
      filterGroup: [
        {
          filters: [
            { fieldName: "view", operator: "eq", value: "members" },
            { fieldName: "scope", operator: "eq", value: accountId },
          ],
        },
      ],
    })
    const stranger = runField("Subscription.onMembersChanged", { args: { accountId } }, { authorizeRequest: noMember })
    expect(stranger.error?.errorType).toBe("Unauthorized")
    expect(JSON.stringify(runField("Subscription.onMyAccountsChanged").filter)).toContain(alice)
  })
})
