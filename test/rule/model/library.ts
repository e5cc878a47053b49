import { z } from "zod"
import {
  type Aggregate,
  type App,
  anyOf,
  backend,
  group,
  id,
  member,
  messages,
  onEvent,
  open,
  personal,
  projection,
  rowsOf,
  self,
  sensitive,
  view,
} from "../../../src/core/index.ts"

const LibraryId = id<"LibraryId">()
const CopyId = id<"CopyId">()
const key = { libraryId: LibraryId, copyId: CopyId }

const commands = messages({
  AcquireCopy: z.object({
    ...key,
    shelf: z.object({ room: z.string(), level: z.int().optional() }),
    tags: z.array(z.enum(["new", "rare"]).meta({ id: "Tag" })).default([]),
    note: z.string().nullable(),
    donor: sensitive(z.email()).optional(),
  }),
  BorrowCopy: z.object({ ...key, readerId: z.string(), dueOn: z.iso.date() }),
  LoseCopy: z.object(key),
})
const events = messages({
  CopyAcquired: z.object({ ...key, donor: personal().optional() }),
  CopyBorrowed: z.object({ ...key, readerId: z.string() }),
})

export const copy: Aggregate<typeof commands, typeof events, { known: boolean }> = {
  name: "copy",
  description: "A copy is with one reader at most.",
  commands,
  events,
  rejections: { CopyLost: "The copy is lost." },
  key: "copyId",
  initial: { known: false },
  authorize: {
    AcquireCopy: anyOf(group("librarians"), backend()),
    BorrowCopy: anyOf(open(), self("readerId")),
    LoseCopy: member("guardian"),
  },
  decide: { AcquireCopy: () => [], BorrowCopy: () => [], LoseCopy: () => [] },
  evolve: { CopyAcquired: () => ({ known: true }), CopyBorrowed: state => state },
  upcast: { CopyBorrowed: [data => ({ ...data, readerId: "unknown" })] },
}

const place = z.object({ room: z.string(), level: z.int() })

export const shelves = view({
  name: "shelves",
  description: "What stands where?",
  type: "Shelf",
  row: z.object({
    libraryId: LibraryId,
    copyId: CopyId,
    place,
    url: z.url(),
    price: z.number().default(0),
    rare: z.boolean(),
  }),
  partition: ["libraryId"],
  sort: ["copyId"],
  authorize: open(),
  live: true,
  relations: { loans: { to: "loans", by: { libraryId: "libraryId" } } },
  from: [rowsOf(copy, () => [])],
})

const loanCount = z.object({ libraryId: LibraryId, count: z.int() })
type LoanCount = z.output<typeof loanCount>

export const loans = projection({
  name: "loans",
  description: "How many copies are lent?",
  type: "Loans",
  row: loanCount,
  partition: ["libraryId"],
  authorize: member("guardian"),
  initial: { count: 0 },
  key: ({ tenant }) => ({ libraryId: tenant }),
  from: [{ of: copy, on: onEvent(events.CopyBorrowed, (row: LoanCount) => ({ ...row, count: row.count + 1 })) }],
})

export const guardians = view({
  name: "guardians",
  description: "Which libraries do I guard?",
  type: "Guardian",
  row: z.object({ personId: z.string(), libraryId: LibraryId, role: z.string() }),
  partition: ["personId"],
  sort: ["libraryId"],
  authorize: self("personId"),
  from: [rowsOf(copy, () => [])],
})

/** An app that uses what the first context does not: open queries, groups, nested types, defaults, upcasters. */
export const library: App = {
  contexts: [
    {
      name: "lending",
      description: "Copies and who has them.",
      aggregates: [copy],
      views: [shelves, guardians],
      projections: [loans],
      automations: [],
    },
  ],
  tenancy: { field: "libraryId", roles: ["guardian", "reader"], sources: [], view: guardians },
}

/** The app with other views. */
export const libraryWith = (...views: App["contexts"][number]["views"]): App => ({
  ...library,
  contexts: library.contexts.map(context => ({ ...context, views })),
})
