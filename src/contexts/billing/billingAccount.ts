import { z } from "zod"
import { type Aggregate, backend, member, messages, rejected } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { attemptsMax } from "../indexes/index.ts"

const key = { accountId: AccountId }
const Invoice = {
  invoiceId: z.string(),
  status: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  url: z.string().nullable(),
}

export const commands = messages({
  OpenBilling: z.object(key).describe("Begins to bill an account."),
  ContinueCustomer: z
    .object({ ...key, attempt: z.int() })
    .describe("Asks for the account's customer at Stripe again, unless it was asked for too often."),
  RecordCustomer: z.object({ ...key, customerId: z.string() }).describe("Remembers who the account is at Stripe."),
  OpenBillingPortal: z
    .object({ ...key, returnUrl: z.url() })
    .describe("Asks for a link to the billing portal, which leads back to `returnUrl`."),
  RecordPortal: z.object({ ...key, url: z.string() }).describe("Remembers the link to the billing portal."),
  RecordPortalRefusal: z.object({ ...key, reason: z.string() }).describe("Remembers why there is no link."),
  RecordInvoice: z.object({ ...key, ...Invoice }).describe("Remembers how an invoice stands at Stripe."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  BillingOpened: z.object(key).describe("The account is billed."),
  CustomerDue: z.object({ ...key, attempt: z.int() }).describe("Stripe is to be asked for a customer, once more."),
  CustomerRecorded: z.object({ ...key, customerId: z.string() }).describe("The account is a customer of Stripe."),
  PortalAsked: z
    .object({ ...key, customerId: z.string(), returnUrl: z.string() })
    .describe("A member wants to see the billing portal."),
  PortalOpened: z.object({ ...key, url: z.string() }).describe("There is a link to the billing portal."),
  PortalRefused: z.object({ ...key, reason: z.string() }).describe("There is no link to the billing portal."),
  InvoiceRecorded: z.object({ ...key, ...Invoice }).describe("An invoice stands like this at Stripe."),
})
const { BillingOpened, CustomerDue, CustomerRecorded, PortalAsked, PortalOpened, PortalRefused, InvoiceRecorded } =
  events

export interface KnownInvoice {
  readonly invoiceId: string
  readonly status: string
  readonly amountCents: number
  readonly currency: string
  readonly url: string | null
  readonly at: string
}
export type State =
  | { readonly status: "unknown" }
  | {
      readonly status: "open"
      readonly accountId: AccountId
      readonly attempt: number
      readonly customerId?: string
      readonly portal?: { readonly url: string | null; readonly reason: string | null; readonly at: string }
      readonly invoices: readonly KnownInvoice[]
    }

const rejections = {
  BillingUnknown: "The account is not billed yet.",
  CustomerUnknown: "Stripe does not know the account yet; try again in a while.",
} as const

/** So many invoices are remembered; Stripe knows them all. */
const invoicesMax = 36

/** An account is one customer of Stripe, which keeps invoices and means of payment. */
export const billingAccount: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "billingAccount",
  description: "An account is one customer of Stripe, which keeps invoices and means of payment.",
  commands,
  events,
  rejections,
  key: "accountId",
  initial: { status: "unknown" },
  businessKeys: ["customerId", "invoiceId"],

  authorize: {
    OpenBilling: backend(),
    ContinueCustomer: backend(),
    RecordCustomer: backend(),
    OpenBillingPortal: member("member"),
    RecordPortal: backend(),
    RecordPortalRefusal: backend(),
    RecordInvoice: backend(),
  },

  decide: {
    OpenBilling: (state, { accountId }) =>
      state.status === "unknown" ? [BillingOpened({ accountId }), CustomerDue({ accountId, attempt: 1 })] : [],

    ContinueCustomer: (state, { accountId, attempt }) => {
      if (state.status === "unknown" || state.customerId !== undefined) return []
      return state.attempt === attempt && attempt < attemptsMax
        ? [CustomerDue({ accountId, attempt: attempt + 1 })]
        : []
    },

    RecordCustomer: (state, { accountId, customerId }) => {
      if (state.status === "unknown") return rejected("BillingUnknown")
      return state.customerId === undefined ? [CustomerRecorded({ accountId, customerId })] : []
    },

    OpenBillingPortal: (state, { accountId, returnUrl }) => {
      if (state.status === "unknown") return rejected("BillingUnknown")
      return state.customerId === undefined
        ? rejected("CustomerUnknown")
        : [PortalAsked({ accountId, customerId: state.customerId, returnUrl })]
    },

    RecordPortal: (state, { accountId, url }) =>
      state.status === "unknown" ? rejected("BillingUnknown") : [PortalOpened({ accountId, url })],

    RecordPortalRefusal: (state, { accountId, reason }) =>
      state.status === "unknown" ? rejected("BillingUnknown") : [PortalRefused({ accountId, reason })],

    RecordInvoice: (state, { accountId, ...invoice }) => {
      if (state.status === "unknown") return rejected("BillingUnknown")
      const known = state.invoices.find(({ invoiceId }) => invoiceId === invoice.invoiceId)
      // Stripe does not promise an order: an invoice that is settled does not become open again.
      const isSettled = known !== undefined && settled.includes(known.status) && !settled.includes(invoice.status)
      const isKnown = known?.status === invoice.status && known.amountCents === invoice.amountCents
      return isSettled || isKnown ? [] : [InvoiceRecorded({ accountId, ...invoice })]
    },
  },

  evolve: {
    BillingOpened: (_, { accountId }) => ({ status: "open", accountId, attempt: 0, invoices: [] }),
    CustomerDue: (state, { attempt }) => (state.status === "unknown" ? state : { ...state, attempt }),
    CustomerRecorded: (state, { customerId }) => (state.status === "unknown" ? state : { ...state, customerId }),
    PortalAsked: state => state,
    PortalOpened: (state, { url }, { time }) =>
      state.status === "unknown" ? state : { ...state, portal: { url, reason: null, at: time } },
    PortalRefused: (state, { reason }, { time }) =>
      state.status === "unknown" ? state : { ...state, portal: { url: null, reason, at: time } },
    InvoiceRecorded: (state, { accountId: _, ...invoice }, { time }) => {
      if (state.status === "unknown") return state
      const others = state.invoices.filter(({ invoiceId }) => invoiceId !== invoice.invoiceId)
      return { ...state, invoices: [...others, { ...invoice, at: time }].slice(-invoicesMax) }
    },
  },
}

const settled: readonly string[] = ["paid", "void", "uncollectible"]
