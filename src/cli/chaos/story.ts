import { draw, pick, shareOf } from "./draw.ts"
import { addressOf, type Name, names } from "./people.ts"

/** What somebody asks for. A person's id and the host's time are known only while it runs, so they stand as `{ person }` and `{ inMinutes }`. */
export interface Ask {
  readonly by: Name
  readonly mutation: string
  readonly commandId: string
  readonly input: Readonly<Record<string, unknown>>
  /** What the asker does besides: nothing, sends it again at once, or sends another input under the same id. */
  readonly twist?: "repeat" | "reuse"
}

const accountsCount = 3
const invitationsCount = 6

const padded = (number: number, width: number) => String(number).padStart(width, "0")
const idOf = (seed: number, kind: string, number: number) => `chaos-${padded(seed, 8)}-${kind}-${padded(number, 4)}`
export const accountId = (seed: number, number: number) => idOf(seed, "account", number)
/** The account whose stream gets an event that nobody can fold, once it is open. */
export const poisonedAccountId = (seed: number) => idOf(seed, "poisoned", 0)
export const poisonedStream = (seed: number) => `${poisonedAccountId(seed)}/account/${poisonedAccountId(seed)}`
const poisonedOwner: Name = "dan"
/** Every so many commands one goes to the poisoned account. */
const poisonedEvery = 12
const invitationId = (seed: number, account: number, number: number) => idOf(seed, `invitation-${account}`, number)
const slug = (seed: number, number: number) => `slug-${seed}-${number}`
const roles = ["owner", "admin", "member", "viewer"]
const memberRoles = roles.slice(1)
export const person = (name: Name) => ({ person: name })

/**
 * The commands that everything later needs, in order, each awaited: accounts of which ada, bob and cyd are the owners, and open
 * invitations; and dan's account, whose stream is to be poisoned.
 */
export function opening(seed: number): readonly Ask[] {
  const poisoned: Ask = {
    by: poisonedOwner,
    mutation: "openAccount",
    commandId: idOf(seed, "opening-poisoned", 0),
    input: { accountId: poisonedAccountId(seed), name: "Poisoned", slug: `poisoned-${seed}` },
  }
  const stories = [0, 1, 2].flatMap(account => {
    const owner = names[account] ?? "ada"
    const asks = [
      { mutation: "openAccount", input: { name: `Account ${account}`, slug: slug(seed, account), displayName: owner } },
      ...names
        .filter(name => name !== owner)
        .slice(0, 3)
        .map((name, at) => ({
          mutation: "inviteMember",
          input: {
            invitationId: invitationId(seed, account, at),
            email: addressOf(name),
            role: pick(roles, seed, "role", account, at),
            ...(at === 2 ? { expiresAt: { inMinutes: 40 } } : {}),
          },
        })),
      { mutation: "createIndex", input: { indexName: "main" } },
    ]
    return asks.map(({ mutation, input }, at) => ({
      by: owner,
      mutation,
      commandId: idOf(seed, `opening-${account}`, at),
      input: { accountId: accountId(seed, account), ...input },
    }))
  })
  return [...stories, poisoned]
}

/** A command that cannot be decided, because the stream of its account, or that of its sender's role, is poisoned. */
function askedOfPoisoned(seed: number, number: number): Ask {
  const isRename = draw(seed, "of poisoned", number) < 0.6
  const input = isRename
    ? { name: `Name ${number}` }
    : { invitationId: idOf(seed, "invitation-poisoned", number), email: addressOf("guest"), role: "viewer" }
  return {
    by: poisonedOwner,
    mutation: isRename ? "renameAccount" : "inviteMember",
    commandId: idOf(seed, "command", number),
    input: { accountId: poisonedAccountId(seed), ...input },
    ...(draw(seed, "twist of poisoned", number) < 0.3 ? { twist: "repeat" as const } : {}),
  }
}

type Make = (at: Draws) => { mutation: string; input: Record<string, unknown> }
interface Draws {
  readonly seed: number
  readonly number: number
  readonly account: number
  readonly choose: <Choice>(what: string, choices: readonly Choice[]) => Choice
}

const rename: Make = ({ number }) => ({ mutation: "renameAccount", input: { name: `Name ${number}` } })
const invited = ({ seed, account, choose }: Draws) =>
  invitationId(
    seed,
    account,
    choose(
      "invitation",
      Array.from({ length: invitationsCount }, (_, at) => at),
    ),
  )
const somebody = ({ choose }: Draws) => person(choose("somebody", names))

const indexOf = ({ choose }: Draws) => choose("index", ["main", "books", "films", "songs"])
const scale = ({ choose }: Draws) => JSON.stringify({ numberOfInferences: choose("inferences", [0, 1, 2, 9]) })

/** Every kind of command of the contexts, with its share; what is impossible or forbidden is asked for too. */
const kinds: readonly (readonly [number, Make])[] = [
  [0.06, rename],
  [0.07, at => ({ mutation: "createIndex", input: { indexName: indexOf(at), settings: scale(at) } })],
  [0.05, at => ({ mutation: "modifyIndex", input: { indexName: indexOf(at), settings: scale(at) } })],
  [0.06, at => ({ mutation: "deleteIndex", input: { indexName: indexOf(at) } })],
  [
    0.06,
    at => ({
      mutation: "renameAccount",
      input: { name: `Slugged ${at.number}`, slug: slug(at.seed, at.choose("slug", [0, 1, 2, 3, 4])) },
    }),
  ],
  [
    0.04,
    at => ({
      mutation: "renameAccount",
      input: { name: `Expected ${at.number}`, expectedVersion: at.choose("expected", [1, 3, 5, 9]) },
    }),
  ],
  [0.03, () => ({ mutation: "renameAccount", input: { name: "" } })],
  [
    0.04,
    at => ({
      mutation: "openAccount",
      input: {
        accountId: accountId(at.seed, accountsCount + at.number),
        name: "Another",
        slug: slug(at.seed, at.choose("slug", [2, 3, 4, 5])),
      },
    }),
  ],
  [0.02, at => ({ mutation: "openAccount", input: { name: "Not mine", slug: slug(at.seed, 9) } })],
  [
    0.12,
    at => ({
      mutation: "inviteMember",
      input: {
        invitationId: invited(at),
        email: addressOf(at.choose("guest", [...names, "guest"])),
        role: at.choose("role", roles),
        // Most timers fire while the run goes on.
        ...(at.choose("expires", [true, true, false])
          ? { expiresAt: { inMinutes: at.choose("minutes", [5, 20, 45]) } }
          : {}),
      },
    }),
  ],
  [
    0.02,
    at => ({ mutation: "inviteMember", input: { invitationId: invited(at), email: "no address", role: "member" } }),
  ],
  [0.12, at => ({ mutation: "acceptInvitation", input: { invitationId: invited(at), displayName: "Somebody" } })],
  [0.03, at => ({ mutation: "declineInvitation", input: { invitationId: invited(at) } })],
  [0.04, at => ({ mutation: "revokeInvitation", input: { invitationId: invited(at) } })],
  [0.08, at => ({ mutation: "changeMemberRole", input: { personId: somebody(at), role: at.choose("role", roles) } })],
  [0.04, at => ({ mutation: "removeMember", input: { personId: somebody(at) } })],
  [0.04, at => ({ mutation: "demoteOwner", input: { personId: somebody(at), role: at.choose("role", memberRoles) } })],
  [0.04, at => ({ mutation: "removeOwner", input: { personId: somebody(at) } })],
  [0.02, at => ({ mutation: "addOwner", input: { personId: somebody(at) } })],
  [0.02, () => ({ mutation: "closeAccount", input: {} })],
]

/** Commands number 0 to `count` - 1 of a seed, contending for three accounts; the last quarter meets closed ones too. */
export function bulk(seed: number, count: number): readonly Ask[] {
  return Array.from({ length: count }, (_, number) => {
    if (number % poisonedEvery === 0) return askedOfPoisoned(seed, number)
    const choose = <Choice>(what: string, choices: readonly Choice[]) => pick(choices, seed, what, number)
    const account = choose("account", [0, 0, 0, 1, 1, 2])
    const make = shareOf(draw(seed, "kind of command", number), kinds) ?? rename
    const made = make({ seed, number, account, choose })
    const { mutation, input } =
      made.mutation === "closeAccount" && number < count * 0.75 ? rename({ seed, number, account, choose }) : made
    const owner = names[account] ?? "ada"
    const answersInvitation = mutation === "acceptInvitation" || mutation === "declineInvitation"
    const by = draw(seed, "owner", number) < 0.6 && !answersInvitation ? owner : choose("by", names)
    const twist = shareOf(draw(seed, "twist", number), [
      [0.1, "repeat"],
      [0.08, "reuse"],
    ] as const)
    return {
      by,
      mutation,
      commandId: idOf(seed, "command", number),
      input: { accountId: accountId(seed, account), ...input },
      ...(twist === undefined || (twist === "reuse" && mutation !== "renameAccount") ? {} : { twist }),
    }
  })
}
