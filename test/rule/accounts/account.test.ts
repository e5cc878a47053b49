import { describe, test } from "vitest"
import { account, commands, events } from "../../../src/contexts/accounts/account.ts"
import { about } from "../../../src/core/index.ts"
import { given, personNamed } from "../../scenario.ts"
import { accountId, ada, adaAsks, bob, bobAsks, bobDemoted, bobLeft, bobOwns, closed, opened } from "./facts.ts"

const { OpenAccount, RenameAccount, CloseAccount, AddOwner, DemoteOwner, RemoveOwner } = commands
const { AccountOpened, AccountRenamed, AccountClosed } = events

describe("an account", () => {
  test("is opened by the person who becomes its owner", () =>
    given(account)
      .when(OpenAccount({ accountId, name: "Ada's", slug: "adas" }), adaAsks)
      .thenEvents(opened))

  test("keeps what its first owner is called as a personal value", () =>
    given(account)
      .when(OpenAccount({ accountId, name: "Ada's", slug: "adas", displayName: "Ada" }), adaAsks)
      .thenEvents(
        AccountOpened({ accountId, name: "Ada's", slug: "adas", ownerId: ada, ownerName: about(ada, "Ada") }),
      ))

  test("that is closed cannot be opened again, not even by its owner", () =>
    given(account, opened, closed)
      .when(OpenAccount({ accountId, name: "Ada's", slug: "adas" }), adaAsks)
      .thenRejected("NotAuthorized"))

  test("opened again by its owner stays as it is", () =>
    given(account, opened)
      .when(OpenAccount({ accountId, name: "Ada's", slug: "adas" }), adaAsks)
      .thenNothing())

  test("tells a stranger who opens it nothing but that it may not be done", () =>
    given(account, opened)
      .when(OpenAccount({ accountId, name: "Mine", slug: "mine" }), personNamed(bob))
      .thenRejected("NotAuthorized"))

  test("takes another name and keeps its slug", () =>
    given(account, opened)
      .when(RenameAccount({ accountId, name: "Lovelace" }))
      .thenEvents(AccountRenamed({ accountId, name: "Lovelace", slug: "adas" })))

  test("renamed to what it is called stays as it is", () =>
    given(account, opened)
      .when(RenameAccount({ accountId, name: "Ada's", slug: "adas" }))
      .thenNothing())

  test("that does not exist cannot be renamed", () =>
    given(account)
      .when(RenameAccount({ accountId, name: "Lovelace" }))
      .thenRejected("AccountUnknown"))

  test("that is closed cannot be renamed", () =>
    given(account, opened, closed)
      .when(RenameAccount({ accountId, name: "Lovelace" }))
      .thenRejected("AccountClosed"))

  test("is closed once", () => {
    given(account, opened).when(CloseAccount({ accountId })).thenEvents(AccountClosed({ accountId }))
    given(account, opened, closed).when(CloseAccount({ accountId })).thenNothing()
    given(account).when(CloseAccount({ accountId })).thenRejected("AccountUnknown")
  })

  test("holds its slug while it is open", () => {
    given(account, opened).thenClaims({ slug: "adas" })
    given(account, opened, AccountRenamed({ accountId, name: "Ada's", slug: "lovelace" })).thenClaims({
      slug: "lovelace",
    })
    given(account, opened, closed).thenClaims({})
  })
})

describe("an owner", () => {
  test("is added once", () => {
    given(account, opened)
      .when(AddOwner({ accountId, personId: bob }))
      .thenEvents(bobOwns)
    given(account, opened, bobOwns)
      .when(AddOwner({ accountId, personId: bob }))
      .thenNothing()
  })

  test("is not added to an account that is closed or does not exist", () => {
    given(account, opened, closed)
      .when(AddOwner({ accountId, personId: bob }))
      .thenRejected("AccountClosed")
    given(account)
      .when(AddOwner({ accountId, personId: bob }))
      .thenRejected("AccountUnknown")
  })

  test("who is not the last can leave or be made a member", () => {
    given(account, opened, bobOwns)
      .when(RemoveOwner({ accountId, personId: bob }), bobAsks)
      .thenEvents(bobLeft)
    given(account, opened, bobOwns)
      .when(DemoteOwner({ accountId, personId: bob, role: "admin" }))
      .thenEvents(bobDemoted)
  })

  test("who is the last can neither leave nor be made a member", () => {
    given(account, opened)
      .when(RemoveOwner({ accountId, personId: ada }), adaAsks)
      .thenRejected("LastOwner")
    given(account, opened)
      .when(DemoteOwner({ accountId, personId: ada, role: "admin" }))
      .thenRejected("LastOwner")
    given(account, opened, bobOwns, bobLeft)
      .when(RemoveOwner({ accountId, personId: ada }))
      .thenRejected("LastOwner")
    given(account, opened, bobOwns, bobDemoted)
      .when(RemoveOwner({ accountId, personId: ada }))
      .thenRejected("LastOwner")
  })

  test("is needed to be removed or demoted", () => {
    given(account, opened)
      .when(RemoveOwner({ accountId, personId: bob }))
      .thenRejected("NotAnOwner")
    given(account, opened)
      .when(DemoteOwner({ accountId, personId: bob, role: "viewer" }))
      .thenRejected("NotAnOwner")
  })

  test("of a closed or unknown account can neither be removed nor demoted", () => {
    given(account, opened, closed)
      .when(RemoveOwner({ accountId, personId: ada }))
      .thenRejected("AccountClosed")
    given(account)
      .when(RemoveOwner({ accountId, personId: ada }))
      .thenRejected("AccountUnknown")
    given(account, opened, closed)
      .when(DemoteOwner({ accountId, personId: ada, role: "viewer" }))
      .thenRejected("AccountClosed")
    given(account)
      .when(DemoteOwner({ accountId, personId: ada, role: "viewer" }))
      .thenRejected("AccountUnknown")
  })
})
