// Generated from the contexts by `npm run generate`; do not edit.

/** A personal value as support screens show it: masked. */
export type Personal = string | null

/** A page of a list. */
export interface Page<Row> {
  readonly items: readonly Row[]
  readonly nextToken?: string | null
}

export type CommandStatus = "ACCEPTED" | "COMMITTED" | "PROJECTED" | "REJECTED" | "FAILED" | "PARKED"

export interface CommandReceipt {
  readonly commandId: string
  readonly traceId: string
  readonly status: CommandStatus
  readonly aggregateId?: string | null
  readonly version?: number | null
  readonly rejection?: { readonly code: string; readonly message: string; readonly path?: string | null } | null
  readonly reason?: string | null
  readonly duplicate: boolean
  readonly protected: boolean
  readonly actor: string
  readonly tenant: string
  readonly acceptedAt?: string | null
  readonly settledAt?: string | null
}

export type AccountStatus = "open" | "closed"

export type Role = "owner" | "admin" | "member" | "viewer"

export type IndexStatus = "CREATING" | "READY" | "MODIFYING" | "DELETING" | "DELETED" | "FAILED"

export type ApiKeyScope = "admin" | "read_write" | "read"

export type MemberRole = "admin" | "member" | "viewer"

export type CellWorkKind = "create" | "modify" | "delete"

/** What is this account? */
export interface Account {
  readonly accountId: string
  readonly name: string
  readonly slug: string
  readonly status: AccountStatus
  readonly openedAt: string
  readonly version: number
  readonly members?: Page<Member>
  readonly invitations?: Page<Invitation>
  readonly counts?: AccountCounts | null
}

/** Who belongs to an account? */
export interface Member {
  readonly accountId: string
  readonly personId: string
  readonly role: Role
  readonly name?: string | null
  readonly since: string
  readonly version: number
}

/** Which accounts do I belong to, and with which role? */
export interface MyAccount {
  readonly personId: string
  readonly accountId: string
  readonly role: Role
  readonly since: string
  readonly version: number
  readonly account?: Account | null
}

/** Which invitations of an account are still open? */
export interface Invitation {
  readonly accountId: string
  readonly invitationId: string
  readonly email: string
  readonly role: Role
  readonly invitedAt: string
  readonly expiresAt: string
  readonly version: number
}

/** Which open invitations were sent to my verified e-mail address? */
export interface MyInvitation {
  readonly email: string
  readonly invitationId: string
  readonly accountId: string
  readonly role: Role
  readonly invitedAt: string
  readonly expiresAt: string
  readonly version: number
  readonly account?: InvitingAccount | null
}

/** What is an account called, for whoever is invited to it and may see nothing else of it? */
export interface InvitingAccount {
  readonly accountId: string
  readonly name: string
  readonly version: number
}

/** How many members and open invitations does an account have? */
export interface AccountCounts {
  readonly accountId: string
  readonly members: number
  readonly openInvitations: number
}

/** Which indexes does an account have, and how are they? How is this index, also when it was deleted? */
export interface SearchIndex {
  readonly accountId: string
  readonly indexName: string
  readonly status: IndexStatus
  readonly marqoEndpoint: string
  readonly marqoVersion: string
  readonly settings: string
  readonly errorMsg?: string | null
  readonly createdAt: string
  readonly version: number
}

/** How large may an index of this account be? Nothing: as large as ordinary accounts' may be. */
export interface IndexLimits {
  readonly accountId: string
  readonly shardsMax: number
  readonly replicasMax: number
  readonly inferencesMax: number
  readonly version: number
}

/** Which API keys does an account have? */
export interface AccountApiKey {
  readonly accountId: string
  readonly apiKeyId: string
  readonly name: string
  readonly scope: ApiKeyScope
  readonly issued: boolean
  readonly createdAt: string
  readonly lastUsedAt?: string | null
  readonly version: number
}

/** Whose is this API key? */
export interface ApiKeyCredential {
  readonly apiKeyId: string
  readonly accountId: string
  readonly scope: ApiKeyScope
  readonly secretHash: string
  readonly usedAt?: string | null
  readonly version: number
}

/** Who is the account at Stripe, and where is its billing portal? */
export interface Billing {
  readonly accountId: string
  readonly customerId?: string | null
  readonly portalUrl?: string | null
  readonly portalRefused?: string | null
  readonly portalAt?: string | null
  readonly version: number
}

/** Which invoices does an account have? */
export interface Invoice {
  readonly accountId: string
  readonly invoiceId: string
  readonly status: string
  readonly amountCents: number
  readonly currency: string
  readonly url?: string | null
  readonly at: string
  readonly version: number
}

/** Which account is this customer? */
export interface StripeCustomer {
  readonly customerId: string
  readonly accountId: string
  readonly version: number
}

/** For how long did each index of an account use what? */
export interface IndexUsage {
  readonly accountId: string
  readonly indexes: string
}

/** Do the metrics of an account go to Datadog? */
export interface DatadogIntegration {
  readonly accountId: string
  readonly enabled: boolean
  readonly site?: string | null
  readonly since: string
  readonly version: number
}

/** How large may an index of this account be, in numbers, whether support has set them or not? */
export interface IndexSizeLimits {
  readonly shardsMax: number
  readonly replicasMax: number
  readonly inferencesMax: number
}

/** What did the indexes of an account cost in a month so far, and what will they have cost at its end? */
export interface AccountCost {
  readonly accountId: string
  readonly month: string
  readonly currentCents: number
  readonly forecastCents: number
  readonly lines: readonly {
    readonly indexName: string
    readonly component: string
    readonly unitHours: number
    readonly cents: number
  }[]
}

/** What will an index with these settings cost? */
export interface CostEstimate {
  readonly hourMillionths: number
  readonly monthCents: number
}

/** What does an hour of each thing cost that an index is made of? */
export interface IndexPrices {
  readonly prices: readonly {
    readonly component: string
    readonly hourMillionths: number
  }[]
}

/** Mutation → what it asks for, besides `commandId` and `expectedVersion`. */
export interface Commands {
  readonly openAccount: {
    readonly accountId?: string | null
    readonly name: string
    readonly slug: string
    readonly displayName?: string | null
  }
  readonly renameAccount: {
    readonly accountId: string
    readonly name: string
    readonly slug?: string | null
  }
  readonly closeAccount: {
    readonly accountId: string
  }
  readonly addOwner: {
    readonly accountId: string
    readonly personId: string
    readonly displayName?: string | null
  }
  readonly demoteOwner: {
    readonly accountId: string
    readonly personId: string
    readonly role: MemberRole
  }
  readonly removeOwner: {
    readonly accountId: string
    readonly personId: string
  }
  readonly joinAccount: {
    readonly accountId: string
    readonly personId: string
    readonly role: MemberRole
    readonly displayName?: string | null
  }
  readonly changeMemberRole: {
    readonly accountId: string
    readonly personId: string
    readonly role: Role
  }
  readonly removeMember: {
    readonly accountId: string
    readonly personId: string
  }
  readonly endMembership: {
    readonly accountId: string
    readonly personId: string
  }
  readonly inviteMember: {
    readonly accountId: string
    readonly invitationId?: string | null
    readonly email: string
    readonly role: Role
    readonly expiresAt?: string | null
  }
  readonly recordInvitationSecret: {
    readonly accountId: string
    readonly invitationId: string
    readonly secretHash: string
  }
  readonly acceptInvitation: {
    readonly accountId: string
    readonly invitationId?: string | null
    readonly secret?: string | null
    readonly displayName?: string | null
  }
  readonly declineInvitation: {
    readonly accountId: string
    readonly invitationId?: string | null
    readonly secret?: string | null
  }
  readonly revokeInvitation: {
    readonly accountId: string
    readonly invitationId?: string | null
  }
  readonly expireInvitation: {
    readonly accountId: string
    readonly invitationId: string
  }
  readonly createIndex: {
    readonly accountId: string
    readonly indexName: string
    readonly settings?: string | null
  }
  readonly modifyIndex: {
    readonly accountId: string
    readonly indexName: string
    readonly settings: string
  }
  readonly deleteIndex: {
    readonly accountId: string
    readonly indexName: string
  }
  readonly continueCellWork: {
    readonly accountId: string
    readonly indexName: string
    readonly work: number
    readonly attempt: number
  }
  readonly giveUpCellWork: {
    readonly accountId: string
    readonly indexName: string
    readonly work: number
  }
  readonly recordCellReady: {
    readonly accountId: string
    readonly indexName: string
    readonly work: number
    readonly endpoint: string
    readonly marqoVersion: string
  }
  readonly recordCellGone: {
    readonly accountId: string
    readonly indexName: string
    readonly work: number
  }
  readonly recordCellRefusal: {
    readonly accountId: string
    readonly indexName: string
    readonly work: number
    readonly reason: string
  }
  readonly setIndexLimits: {
    readonly accountId: string
    readonly shardsMax: number
    readonly replicasMax: number
    readonly inferencesMax: number
  }
  readonly createApiKey: {
    readonly accountId: string
    readonly apiKeyId?: string | null
    readonly name: string
    readonly scope: ApiKeyScope
    readonly secret?: string | null
  }
  readonly issueApiKeySecret: {
    readonly accountId: string
    readonly apiKeyId?: string | null
    readonly secret: string
  }
  readonly revokeApiKey: {
    readonly accountId: string
    readonly apiKeyId?: string | null
  }
  readonly noteApiKeyUse: {
    readonly accountId: string
    readonly apiKeyId: string
  }
  readonly continueKeyDelivery: {
    readonly accountId: string
    readonly apiKeyId: string
    readonly attempt: number
  }
  readonly openBilling: {
    readonly accountId: string
  }
  readonly continueCustomer: {
    readonly accountId: string
    readonly attempt: number
  }
  readonly recordCustomer: {
    readonly accountId: string
    readonly customerId: string
  }
  readonly openBillingPortal: {
    readonly accountId: string
    readonly returnUrl: string
  }
  readonly recordPortal: {
    readonly accountId: string
    readonly url: string
  }
  readonly recordPortalRefusal: {
    readonly accountId: string
    readonly reason: string
  }
  readonly recordInvoice: {
    readonly accountId: string
    readonly invoiceId: string
    readonly status: string
    readonly amountCents: number
    readonly currency: string
    readonly url?: string | null
  }
  readonly enableDatadog: {
    readonly accountId: string
    readonly site: string
    readonly apiKey: string
  }
  readonly disableDatadog: {
    readonly accountId: string
  }
  readonly continueMetricsDelivery: {
    readonly accountId: string
    readonly attempt: number
  }
}

/** Event → its data. */
export interface Events {
  readonly "accounts.AccountOpened": {
    readonly accountId: string
    readonly name: string
    readonly slug: string
    readonly ownerId: string
    readonly ownerName?: Personal | null
  }
  readonly "accounts.AccountRenamed": {
    readonly accountId: string
    readonly name: string
    readonly slug: string
  }
  readonly "accounts.AccountClosed": {
    readonly accountId: string
  }
  readonly "accounts.OwnerAdded": {
    readonly accountId: string
    readonly personId: string
    readonly ownerName?: Personal | null
  }
  readonly "accounts.OwnerDemoted": {
    readonly accountId: string
    readonly personId: string
    readonly role: MemberRole
    readonly ownerName?: Personal | null
  }
  readonly "accounts.OwnerRemoved": {
    readonly accountId: string
    readonly personId: string
  }
  readonly "accounts.MemberJoined": {
    readonly accountId: string
    readonly personId: string
    readonly role: MemberRole
    readonly memberName?: Personal | null
  }
  readonly "accounts.MemberRoleChanged": {
    readonly accountId: string
    readonly personId: string
    readonly role: MemberRole
  }
  readonly "accounts.MemberPromoted": {
    readonly accountId: string
    readonly personId: string
    readonly memberName?: Personal | null
  }
  readonly "accounts.MemberRemoved": {
    readonly accountId: string
    readonly personId: string
  }
  readonly "accounts.MembershipEnded": {
    readonly accountId: string
    readonly personId: string
  }
  readonly "accounts.MemberInvited": {
    readonly accountId: string
    readonly invitationId: string
    readonly email: Personal
    readonly role: Role
    readonly invitedBy: string
    readonly expiresAt: string
  }
  readonly "accounts.InvitationSecretRecorded": {
    readonly accountId: string
    readonly invitationId: string
    readonly secretHash: string
  }
  readonly "accounts.InvitationAccepted": {
    readonly accountId: string
    readonly invitationId: string
    readonly personId: string
    readonly role: Role
    readonly personName?: Personal | null
  }
  readonly "accounts.InvitationDeclined": {
    readonly accountId: string
    readonly invitationId: string
    readonly personId: string
  }
  readonly "accounts.InvitationRevoked": {
    readonly accountId: string
    readonly invitationId: string
  }
  readonly "accounts.InvitationExpired": {
    readonly accountId: string
    readonly invitationId: string
  }
  readonly "indexes.IndexCreationStarted": {
    readonly accountId: string
    readonly indexName: string
    readonly settings: string
  }
  readonly "indexes.IndexModificationStarted": {
    readonly accountId: string
    readonly indexName: string
    readonly settings: string
  }
  readonly "indexes.IndexDeletionStarted": {
    readonly accountId: string
    readonly indexName: string
  }
  readonly "indexes.CellWorkDue": {
    readonly accountId: string
    readonly indexName: string
    readonly work: number
    readonly attempt: number
    readonly kind: CellWorkKind
    readonly settings: string
  }
  readonly "indexes.IndexProvisioned": {
    readonly accountId: string
    readonly indexName: string
    readonly endpoint: string
    readonly marqoVersion: string
    readonly settings: string
  }
  readonly "indexes.IndexModified": {
    readonly accountId: string
    readonly indexName: string
    readonly endpoint: string
    readonly settings: string
  }
  readonly "indexes.IndexModificationFailed": {
    readonly accountId: string
    readonly indexName: string
    readonly reason: string
  }
  readonly "indexes.IndexFailed": {
    readonly accountId: string
    readonly indexName: string
    readonly reason: string
  }
  readonly "indexes.IndexDeleted": {
    readonly accountId: string
    readonly indexName: string
  }
  readonly "indexes.IndexLimitsSet": {
    readonly accountId: string
    readonly shardsMax: number
    readonly replicasMax: number
    readonly inferencesMax: number
  }
  readonly "apiKeys.ApiKeyCreated": {
    readonly accountId: string
    readonly apiKeyId: string
    readonly name: string
    readonly scope: ApiKeyScope
  }
  readonly "apiKeys.ApiKeyIssued": {
    readonly accountId: string
    readonly apiKeyId: string
    readonly scope: ApiKeyScope
    readonly secretHash: string
  }
  readonly "apiKeys.ApiKeyUsed": {
    readonly accountId: string
    readonly apiKeyId: string
  }
  readonly "apiKeys.ApiKeyRevoked": {
    readonly accountId: string
    readonly apiKeyId: string
  }
  readonly "apiKeys.KeyDeliveryDue": {
    readonly accountId: string
    readonly apiKeyId: string
    readonly attempt: number
    readonly scope: ApiKeyScope
    readonly secretHash: string
    readonly revoked: boolean
  }
  readonly "billing.BillingOpened": {
    readonly accountId: string
  }
  readonly "billing.CustomerDue": {
    readonly accountId: string
    readonly attempt: number
  }
  readonly "billing.CustomerRecorded": {
    readonly accountId: string
    readonly customerId: string
  }
  readonly "billing.PortalAsked": {
    readonly accountId: string
    readonly customerId: string
    readonly returnUrl: string
  }
  readonly "billing.PortalOpened": {
    readonly accountId: string
    readonly url: string
  }
  readonly "billing.PortalRefused": {
    readonly accountId: string
    readonly reason: string
  }
  readonly "billing.InvoiceRecorded": {
    readonly accountId: string
    readonly invoiceId: string
    readonly status: string
    readonly amountCents: number
    readonly currency: string
    readonly url?: string | null
  }
  readonly "integrations.DatadogEnabled": {
    readonly accountId: string
    readonly site: string
    readonly apiKeyReference: string
  }
  readonly "integrations.DatadogDisabled": {
    readonly accountId: string
  }
  readonly "integrations.MetricsDeliveryDue": {
    readonly accountId: string
    readonly attempt: number
    readonly target?: {
      readonly site: string
      readonly apiKeyReference: string
    } | null
  }
}

/** What the app is made of. */
export const catalogue = {
  "contexts": [
    {
      "name": "accounts",
      "description": "Accounts, the people who belong to them, and how they are invited.",
      "aggregates": [
        {
          "name": "account",
          "description": "An open account has at least one owner, and no two open accounts share a slug.",
          "key": "accountId",
          "unique": [
            "slug"
          ],
          "commands": [
            {
              "name": "OpenAccount",
              "description": "Opens an account; whoever asks becomes its owner.",
              "mutation": "openAccount",
              "mayAsk": "any signed-in person",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                },
                {
                  "name": "name",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "slug",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "displayName",
                  "type": "String",
                  "required": false,
                  "hidden": "personal"
                }
              ]
            },
            {
              "name": "RenameAccount",
              "description": "Gives an account another name and, when given, another slug.",
              "mutation": "renameAccount",
              "mayAsk": "owner or admin of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "name",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "slug",
                  "type": "String",
                  "required": false
                }
              ]
            },
            {
              "name": "CloseAccount",
              "description": "Closes an account for ever; its slug is free again.",
              "mutation": "closeAccount",
              "mayAsk": "owner of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                }
              ]
            },
            {
              "name": "AddOwner",
              "description": "Makes a person an owner.",
              "mutation": "addOwner",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "makeMembershipOnInvitationAccepted",
                "makeOwnerOnMemberPromoted"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "displayName",
                  "type": "String",
                  "required": false,
                  "hidden": "personal"
                }
              ]
            },
            {
              "name": "DemoteOwner",
              "description": "Makes an owner an ordinary member with the given role.",
              "mutation": "demoteOwner",
              "mayAsk": "owner of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "MemberRole",
                  "required": true
                }
              ]
            },
            {
              "name": "RemoveOwner",
              "description": "Removes an owner from the account; an owner may leave this way.",
              "mutation": "removeOwner",
              "mayAsk": "owner of the tenant (`accountId`); the person whom `personId` names",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "NotAuthorized",
              "message": "You may not do this."
            },
            {
              "code": "AccountUnknown",
              "message": "There is no such account."
            },
            {
              "code": "AccountClosed",
              "message": "The account is closed."
            },
            {
              "code": "SlugTaken",
              "message": "Another account has this slug."
            },
            {
              "code": "NotAnOwner",
              "message": "This person is not an owner of the account."
            },
            {
              "code": "LastOwner",
              "message": "An account keeps at least one owner; make somebody else an owner first."
            }
          ],
          "events": [
            {
              "name": "AccountOpened",
              "description": "An account exists and has its first owner.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "name",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "slug",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "ownerId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "ownerName",
                  "type": "Personal",
                  "required": false,
                  "hidden": "personal"
                }
              ],
              "madeBy": [
                "OpenAccount"
              ],
              "starts": [
                "createDefaultKeyOnAccountOpened",
                "openBillingOnAccountOpened"
              ],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "AccountRenamed",
              "description": "The account goes by another name.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "name",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "slug",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "RenameAccount"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "AccountClosed",
              "description": "The account is closed for ever.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "CloseAccount"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "OwnerAdded",
              "description": "A person has become an owner.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "ownerName",
                  "type": "Personal",
                  "required": false,
                  "hidden": "personal"
                }
              ],
              "madeBy": [
                "AddOwner"
              ],
              "starts": [
                "endMembershipOnOwnerAdded"
              ],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "OwnerDemoted",
              "description": "An owner has become an ordinary member.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "MemberRole",
                  "required": true
                },
                {
                  "name": "ownerName",
                  "type": "Personal",
                  "required": false,
                  "hidden": "personal"
                }
              ],
              "madeBy": [
                "DemoteOwner"
              ],
              "starts": [
                "makeMembershipOnOwnerDemoted"
              ],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "OwnerRemoved",
              "description": "An owner has left or was removed.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "RemoveOwner"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            }
          ]
        },
        {
          "name": "membership",
          "description": "A person is a member of an account with one role, or not at all.",
          "key": "personId",
          "unique": [],
          "commands": [
            {
              "name": "JoinAccount",
              "description": "Makes a person a member.",
              "mutation": "joinAccount",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "makeMembershipOnInvitationAccepted",
                "makeMembershipOnOwnerDemoted"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "MemberRole",
                  "required": true
                },
                {
                  "name": "displayName",
                  "type": "String",
                  "required": false,
                  "hidden": "personal"
                }
              ]
            },
            {
              "name": "ChangeMemberRole",
              "description": "Gives a member another role; to make somebody an owner takes an owner.",
              "mutation": "changeMemberRole",
              "mayAsk": "owner or admin of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "Role",
                  "required": true
                }
              ]
            },
            {
              "name": "RemoveMember",
              "description": "Removes a member from the account; a member may leave this way.",
              "mutation": "removeMember",
              "mayAsk": "owner or admin of the tenant (`accountId`); the person whom `personId` names",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ]
            },
            {
              "name": "EndMembership",
              "description": "Ends the membership of a person who has become an owner.",
              "mutation": "endMembership",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "endMembershipOnOwnerAdded"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "NotAMember",
              "message": "This person is not a member of the account."
            },
            {
              "code": "OwnerNeeded",
              "message": "Only an owner may make somebody an owner."
            }
          ],
          "events": [
            {
              "name": "MemberJoined",
              "description": "A person belongs to the account.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "MemberRole",
                  "required": true
                },
                {
                  "name": "memberName",
                  "type": "Personal",
                  "required": false,
                  "hidden": "personal"
                }
              ],
              "madeBy": [
                "JoinAccount"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "MemberRoleChanged",
              "description": "A member has another role.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "MemberRole",
                  "required": true
                }
              ],
              "madeBy": [
                "ChangeMemberRole"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "MemberPromoted",
              "description": "A member is to become an owner; the account decides when.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "memberName",
                  "type": "Personal",
                  "required": false,
                  "hidden": "personal"
                }
              ],
              "madeBy": [
                "ChangeMemberRole"
              ],
              "starts": [
                "makeOwnerOnMemberPromoted"
              ],
              "changes": []
            },
            {
              "name": "MemberRemoved",
              "description": "A member has left or was removed.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "RemoveMember"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "MembershipEnded",
              "description": "The person is an owner now, and no ordinary member any more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "EndMembership"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            }
          ]
        },
        {
          "name": "invitation",
          "description": "An invitation is answered once, by the person whom it was sent to; an address has one open invitation per account.",
          "key": "invitationId",
          "unique": [
            "email"
          ],
          "commands": [
            {
              "name": "InviteMember",
              "description": "Invites a person by e-mail to join the account with a role; the invitation is open for seven days, or as set.",
              "mutation": "inviteMember",
              "mayAsk": "owner or admin of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                },
                {
                  "name": "email",
                  "type": "AWSEmail",
                  "required": true,
                  "hidden": "personal"
                },
                {
                  "name": "role",
                  "type": "Role",
                  "required": true
                },
                {
                  "name": "expiresAt",
                  "type": "AWSDateTime",
                  "required": false
                }
              ]
            },
            {
              "name": "RecordInvitationSecret",
              "description": "Remembers the hash of the secret that the invitation mail carries.",
              "mutation": "recordInvitationSecret",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "mailInvitationOnMemberInvited"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "secretHash",
                  "type": "String",
                  "required": true
                }
              ]
            },
            {
              "name": "AcceptInvitation",
              "description": "Accepts an invitation; it takes the invited address, verified, or the secret of the mail.",
              "mutation": "acceptInvitation",
              "mayAsk": "any signed-in person",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                },
                {
                  "name": "secret",
                  "type": "String",
                  "required": false,
                  "hidden": "secret"
                },
                {
                  "name": "displayName",
                  "type": "String",
                  "required": false,
                  "hidden": "personal"
                }
              ]
            },
            {
              "name": "DeclineInvitation",
              "description": "Declines an invitation; it takes what accepting takes.",
              "mutation": "declineInvitation",
              "mayAsk": "any signed-in person",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                },
                {
                  "name": "secret",
                  "type": "String",
                  "required": false,
                  "hidden": "secret"
                }
              ]
            },
            {
              "name": "RevokeInvitation",
              "description": "Takes an open invitation back.",
              "mutation": "revokeInvitation",
              "mayAsk": "owner or admin of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                }
              ]
            },
            {
              "name": "ExpireInvitation",
              "description": "Ends an invitation whose time is over.",
              "mutation": "expireInvitation",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "expireInvitationWhenDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "InvitationUnknown",
              "message": "There is no such invitation."
            },
            {
              "code": "ExpiryPassed",
              "message": "An invitation must be open for some time; choose a later end."
            },
            {
              "code": "InvitationClosed",
              "message": "The invitation is not open any more."
            },
            {
              "code": "AlreadyInvited",
              "message": "This address has an open invitation already."
            },
            {
              "code": "OwnerNeeded",
              "message": "Only an owner may invite an owner."
            },
            {
              "code": "NotInvited",
              "message": "The invitation is for another address; sign in with the invited one or use the link in the mail."
            }
          ],
          "events": [
            {
              "name": "MemberInvited",
              "description": "A person was invited; the invitation is open.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "email",
                  "type": "Personal",
                  "required": true,
                  "hidden": "personal"
                },
                {
                  "name": "role",
                  "type": "Role",
                  "required": true
                },
                {
                  "name": "invitedBy",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "expiresAt",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "InviteMember"
              ],
              "starts": [
                "mailInvitationOnMemberInvited",
                "expireInvitationWhenDue"
              ],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "InvitationSecretRecorded",
              "description": "The mail's secret can be checked.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "secretHash",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordInvitationSecret"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "InvitationAccepted",
              "description": "The invited person has accepted.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "role",
                  "type": "Role",
                  "required": true
                },
                {
                  "name": "personName",
                  "type": "Personal",
                  "required": false,
                  "hidden": "personal"
                }
              ],
              "madeBy": [
                "AcceptInvitation"
              ],
              "starts": [
                "cancelExpiryOnInvitationAccepted",
                "makeMembershipOnInvitationAccepted"
              ],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "InvitationDeclined",
              "description": "The invited person does not want to join.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "personId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "DeclineInvitation"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "InvitationRevoked",
              "description": "The invitation was taken back.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "RevokeInvitation"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            },
            {
              "name": "InvitationExpired",
              "description": "The time to answer the invitation is over.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invitationId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "ExpireInvitation"
              ],
              "starts": [],
              "changes": [
                "accountCounts"
              ]
            }
          ]
        }
      ],
      "views": [
        {
          "name": "account",
          "kind": "view",
          "description": "What is this account?",
          "type": "Account",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "account(accountId)",
            "accountBySlug(slug)"
          ],
          "subscription": "onAccountChanged",
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "account"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "name",
              "type": "String",
              "required": true
            },
            {
              "name": "slug",
              "type": "String",
              "required": true
            },
            {
              "name": "status",
              "type": "AccountStatus",
              "required": true
            },
            {
              "name": "openedAt",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": [
            {
              "field": "members",
              "view": "members"
            },
            {
              "field": "invitations",
              "view": "invitations"
            },
            {
              "field": "counts",
              "view": "accountCounts"
            }
          ]
        },
        {
          "name": "members",
          "kind": "view",
          "description": "Who belongs to an account?",
          "type": "Member",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "members(accountId)",
            "membersByRole(accountId, role)"
          ],
          "subscription": "onMembersChanged",
          "key": [
            "accountId"
          ],
          "sort": [
            "personId"
          ],
          "from": [
            "account",
            "membership"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "personId",
              "type": "ID",
              "required": true
            },
            {
              "name": "role",
              "type": "Role",
              "required": true
            },
            {
              "name": "name",
              "type": "String",
              "required": false,
              "hidden": "personal"
            },
            {
              "name": "since",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "myAccounts",
          "kind": "view",
          "description": "Which accounts do I belong to, and with which role?",
          "type": "MyAccount",
          "mayAsk": "the person whom `personId` names",
          "queries": [
            "myAccounts()"
          ],
          "subscription": "onMyAccountsChanged",
          "key": [
            "personId"
          ],
          "sort": [
            "accountId"
          ],
          "from": [
            "account",
            "membership"
          ],
          "fields": [
            {
              "name": "personId",
              "type": "ID",
              "required": true
            },
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "role",
              "type": "Role",
              "required": true
            },
            {
              "name": "since",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": [
            {
              "field": "account",
              "view": "account"
            }
          ]
        },
        {
          "name": "invitations",
          "kind": "view",
          "description": "Which invitations of an account are still open?",
          "type": "Invitation",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "invitations(accountId)"
          ],
          "subscription": "onInvitationsChanged",
          "key": [
            "accountId"
          ],
          "sort": [
            "invitationId"
          ],
          "from": [
            "invitation"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "invitationId",
              "type": "ID",
              "required": true
            },
            {
              "name": "email",
              "type": "AWSEmail",
              "required": true,
              "hidden": "personal"
            },
            {
              "name": "role",
              "type": "Role",
              "required": true
            },
            {
              "name": "invitedAt",
              "type": "AWSDateTime",
              "required": true
            },
            {
              "name": "expiresAt",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "myInvitations",
          "kind": "view",
          "description": "Which open invitations were sent to my verified e-mail address?",
          "type": "MyInvitation",
          "mayAsk": "whoever has the verified address",
          "queries": [
            "myInvitations()"
          ],
          "subscription": "onMyInvitationsChanged",
          "key": [
            "email"
          ],
          "sort": [
            "invitationId"
          ],
          "from": [
            "invitation"
          ],
          "fields": [
            {
              "name": "email",
              "type": "AWSEmail",
              "required": true,
              "hidden": "personal"
            },
            {
              "name": "invitationId",
              "type": "ID",
              "required": true
            },
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "role",
              "type": "Role",
              "required": true
            },
            {
              "name": "invitedAt",
              "type": "AWSDateTime",
              "required": true
            },
            {
              "name": "expiresAt",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": [
            {
              "field": "account",
              "view": "invitingAccount"
            }
          ]
        },
        {
          "name": "invitingAccount",
          "kind": "view",
          "description": "What is an account called, for whoever is invited to it and may see nothing else of it?",
          "type": "InvitingAccount",
          "mayAsk": "automations",
          "queries": [],
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "account"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "name",
              "type": "String",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "accountCounts",
          "kind": "projection",
          "description": "How many members and open invitations does an account have?",
          "type": "AccountCounts",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "accountCounts(accountId)"
          ],
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "account",
            "membership",
            "invitation"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "members",
              "type": "Int",
              "required": true
            },
            {
              "name": "openInvitations",
              "type": "Int",
              "required": true
            }
          ],
          "leadsTo": []
        }
      ],
      "automations": [
        {
          "name": "mailInvitationOnMemberInvited",
          "description": "When a member is invited, mail the invitation with a secret that proves who received it.",
          "when": "accounts.MemberInvited",
          "sends": [
            "accounts.RecordInvitationSecret"
          ],
          "effects": [
            "mail (atLeastOnce)"
          ],
          "reads": [
            "account"
          ]
        },
        {
          "name": "expireInvitationWhenDue",
          "description": "When a member is invited, set the timer that ends the invitation.",
          "when": "accounts.MemberInvited",
          "sends": [
            "accounts.ExpireInvitation"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "cancelExpiryOnInvitationAccepted",
          "description": "When an invitation is accepted, take back the timer that would end it.",
          "when": "accounts.InvitationAccepted",
          "sends": [],
          "effects": [],
          "reads": []
        },
        {
          "name": "makeMembershipOnInvitationAccepted",
          "description": "When an invitation is accepted, make the person a member, or an owner if invited as one.",
          "when": "accounts.InvitationAccepted",
          "sends": [
            "accounts.JoinAccount",
            "accounts.AddOwner"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "makeOwnerOnMemberPromoted",
          "description": "When a member is promoted, ask the account to take the person in as an owner.",
          "when": "accounts.MemberPromoted",
          "sends": [
            "accounts.AddOwner"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "endMembershipOnOwnerAdded",
          "description": "When a person has become an owner, end the ordinary membership.",
          "when": "accounts.OwnerAdded",
          "sends": [
            "accounts.EndMembership"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "makeMembershipOnOwnerDemoted",
          "description": "When an owner is demoted, make the person a member with the new role.",
          "when": "accounts.OwnerDemoted",
          "sends": [
            "accounts.JoinAccount"
          ],
          "effects": [],
          "reads": []
        }
      ]
    },
    {
      "name": "indexes",
      "description": "Search indexes of accounts, and the cell that runs them.",
      "aggregates": [
        {
          "name": "searchIndex",
          "description": "An index is worked on by one operation at a time, and its name is its own in the account until it is deleted.",
          "key": "indexName",
          "unique": [],
          "commands": [
            {
              "name": "CreateIndex",
              "description": "Creates an index; settings that are left out get their defaults.",
              "mutation": "createIndex",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": false
                }
              ]
            },
            {
              "name": "ModifyIndex",
              "description": "Changes the inference of a ready index, or adds shards or replicas; 0 inferences pause it.",
              "mutation": "modifyIndex",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": true
                }
              ]
            },
            {
              "name": "DeleteIndex",
              "description": "Deletes an index with everything in it.",
              "mutation": "deleteIndex",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                }
              ]
            },
            {
              "name": "ContinueCellWork",
              "description": "Asks the cell again how far it is, or gives up after too many attempts.",
              "mutation": "continueCellWork",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "workCellOnCellWorkDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "work",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                }
              ]
            },
            {
              "name": "GiveUpCellWork",
              "description": "Ends work that is still not done when its time is over.",
              "mutation": "giveUpCellWork",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "workCellOnCellWorkDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "work",
                  "type": "Int",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordCellReady",
              "description": "Remembers that the cell has the index as it was asked for.",
              "mutation": "recordCellReady",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "workCellOnCellWorkDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "work",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "endpoint",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "marqoVersion",
                  "type": "String",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordCellGone",
              "description": "Remembers that the cell has the index no more.",
              "mutation": "recordCellGone",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "workCellOnCellWorkDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "work",
                  "type": "Int",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordCellRefusal",
              "description": "Remembers why the cell refused.",
              "mutation": "recordCellRefusal",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "workCellOnCellWorkDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "work",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "reason",
                  "type": "String",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "IndexUnknown",
              "message": "There is no such index."
            },
            {
              "code": "IndexAlreadyExists",
              "message": "An index of this name already exists."
            },
            {
              "code": "IndexBeingCreated",
              "message": "An index of this name already exists; it is still being created."
            },
            {
              "code": "IndexBusy",
              "message": "Another operation on this index is still running."
            },
            {
              "code": "IndexNotReady",
              "message": "The index is not ready; only a ready index can be changed."
            },
            {
              "code": "SettingFixed",
              "message": "This setting of an index cannot change."
            },
            {
              "code": "CannotShrink",
              "message": "Shards and replicas can only be added."
            },
            {
              "code": "BasicHasNoReplicas",
              "message": "The storage class marqo.basic cannot have replicas."
            },
            {
              "code": "ShardLimit",
              "message": "This is more shards than the account's limit for an index."
            },
            {
              "code": "ReplicaLimit",
              "message": "This is more replicas than the account's limit for an index."
            },
            {
              "code": "InferenceLimit",
              "message": "This is more inferences than the account's limit for an index."
            }
          ],
          "events": [
            {
              "name": "IndexCreationStarted",
              "description": "An index is being created.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": true
                }
              ],
              "madeBy": [
                "CreateIndex"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "IndexModificationStarted",
              "description": "An index is being changed.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": true
                }
              ],
              "madeBy": [
                "ModifyIndex"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "IndexDeletionStarted",
              "description": "An index is being deleted.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "DeleteIndex"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "CellWorkDue",
              "description": "The cell is to be asked for this, once more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "work",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "kind",
                  "type": "CellWorkKind",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": true
                }
              ],
              "madeBy": [
                "ContinueCellWork"
              ],
              "starts": [
                "workCellOnCellWorkDue"
              ],
              "changes": []
            },
            {
              "name": "IndexProvisioned",
              "description": "A new index is ready.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "endpoint",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "marqoVersion",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordCellReady"
              ],
              "starts": [],
              "changes": [
                "indexUsage"
              ]
            },
            {
              "name": "IndexModified",
              "description": "The changes are made.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "endpoint",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "settings",
                  "type": "AWSJSON",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordCellReady"
              ],
              "starts": [],
              "changes": [
                "indexUsage"
              ]
            },
            {
              "name": "IndexModificationFailed",
              "description": "The index stays as it was.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "reason",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [],
              "starts": [],
              "changes": []
            },
            {
              "name": "IndexFailed",
              "description": "The index could not be created or deleted.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "reason",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [],
              "starts": [],
              "changes": []
            },
            {
              "name": "IndexDeleted",
              "description": "The index is gone.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "indexName",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordCellGone"
              ],
              "starts": [],
              "changes": [
                "indexUsage"
              ]
            }
          ]
        },
        {
          "name": "indexLimits",
          "description": "An account has one limit for shards, replicas and inferences of each index.",
          "key": "accountId",
          "unique": [],
          "commands": [
            {
              "name": "SetIndexLimits",
              "description": "Sets how large each index of an account may be.",
              "mutation": "setIndexLimits",
              "mayAsk": "the group `support`",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "shardsMax",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "replicasMax",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "inferencesMax",
                  "type": "Int",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [],
          "events": [
            {
              "name": "IndexLimitsSet",
              "description": "Indexes of the account may be this large.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "shardsMax",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "replicasMax",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "inferencesMax",
                  "type": "Int",
                  "required": true
                }
              ],
              "madeBy": [
                "SetIndexLimits"
              ],
              "starts": [],
              "changes": []
            }
          ]
        }
      ],
      "views": [
        {
          "name": "indexes",
          "kind": "view",
          "description": "Which indexes does an account have, and how are they?",
          "type": "SearchIndex",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "indexes(accountId)"
          ],
          "subscription": "onIndexesChanged",
          "key": [
            "accountId"
          ],
          "sort": [
            "indexName"
          ],
          "from": [
            "searchIndex"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "indexName",
              "type": "String",
              "required": true
            },
            {
              "name": "status",
              "type": "IndexStatus",
              "required": true
            },
            {
              "name": "marqoEndpoint",
              "type": "String",
              "required": true
            },
            {
              "name": "marqoVersion",
              "type": "String",
              "required": true
            },
            {
              "name": "settings",
              "type": "AWSJSON",
              "required": true
            },
            {
              "name": "errorMsg",
              "type": "String",
              "required": false
            },
            {
              "name": "createdAt",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "index",
          "kind": "view",
          "description": "How is this index, also when it was deleted?",
          "type": "SearchIndex",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "index(accountId, indexName)"
          ],
          "key": [
            "accountId",
            "indexName"
          ],
          "sort": [],
          "from": [
            "searchIndex"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "indexName",
              "type": "String",
              "required": true
            },
            {
              "name": "status",
              "type": "IndexStatus",
              "required": true
            },
            {
              "name": "marqoEndpoint",
              "type": "String",
              "required": true
            },
            {
              "name": "marqoVersion",
              "type": "String",
              "required": true
            },
            {
              "name": "settings",
              "type": "AWSJSON",
              "required": true
            },
            {
              "name": "errorMsg",
              "type": "String",
              "required": false
            },
            {
              "name": "createdAt",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "indexLimits",
          "kind": "view",
          "description": "How large may an index of this account be? Nothing: as large as ordinary accounts' may be.",
          "type": "IndexLimits",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "indexLimits(accountId)"
          ],
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "indexLimits"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "shardsMax",
              "type": "Int",
              "required": true
            },
            {
              "name": "replicasMax",
              "type": "Int",
              "required": true
            },
            {
              "name": "inferencesMax",
              "type": "Int",
              "required": true
            }
          ],
          "leadsTo": []
        }
      ],
      "automations": [
        {
          "name": "workCellOnCellWorkDue",
          "description": "When the cell has work to do, ask it, and ask again later until it has done it.",
          "when": "indexes.CellWorkDue",
          "sends": [
            "indexes.GiveUpCellWork",
            "indexes.RecordCellReady",
            "indexes.RecordCellGone",
            "indexes.RecordCellRefusal",
            "indexes.ContinueCellWork"
          ],
          "effects": [],
          "reads": []
        }
      ]
    },
    {
      "name": "apiKeys",
      "description": "Keys by which programs act for an account.",
      "aggregates": [
        {
          "name": "apiKey",
          "description": "A key has one secret, of which only the hash is known, and opens nothing once it was revoked.",
          "key": "apiKeyId",
          "unique": [],
          "commands": [
            {
              "name": "CreateApiKey",
              "description": "Creates an API key; its secret is made by whoever asks, and may also be issued later.",
              "mutation": "createApiKey",
              "mayAsk": "owner, admin or member of the tenant (`accountId`); automations",
              "internal": false,
              "sentBy": [
                "createDefaultKeyOnAccountOpened"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                },
                {
                  "name": "name",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "scope",
                  "type": "ApiKeyScope",
                  "required": true
                },
                {
                  "name": "secret",
                  "type": "String",
                  "required": false,
                  "hidden": "secret"
                }
              ]
            },
            {
              "name": "IssueApiKeySecret",
              "description": "Gives a key without a secret one, once. Programs send `<apiKeyId>.<secret>`.",
              "mutation": "issueApiKeySecret",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                },
                {
                  "name": "secret",
                  "type": "String",
                  "required": true,
                  "hidden": "secret"
                }
              ]
            },
            {
              "name": "RevokeApiKey",
              "description": "Ends a key at once and for ever.",
              "mutation": "revokeApiKey",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": false,
                  "description": "Made from your id and the command id when left out."
                }
              ]
            },
            {
              "name": "NoteApiKeyUse",
              "description": "Notes that the key was used.",
              "mutation": "noteApiKeyUse",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                }
              ]
            },
            {
              "name": "ContinueKeyDelivery",
              "description": "Tells the cell again what became of the key, unless it was told too often.",
              "mutation": "continueKeyDelivery",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "tellCellOnKeyDeliveryDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "ApiKeyUnknown",
              "message": "There is no such API key."
            },
            {
              "code": "ApiKeyRevoked",
              "message": "The API key was revoked."
            },
            {
              "code": "SecretAlreadyIssued",
              "message": "The API key has a secret already; create another key for another one."
            }
          ],
          "events": [
            {
              "name": "ApiKeyCreated",
              "description": "A key exists; it opens nothing yet.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "name",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "scope",
                  "type": "ApiKeyScope",
                  "required": true
                }
              ],
              "madeBy": [
                "CreateApiKey"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "ApiKeyIssued",
              "description": "The key opens what its scope says.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "scope",
                  "type": "ApiKeyScope",
                  "required": true
                },
                {
                  "name": "secretHash",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [],
              "starts": [],
              "changes": []
            },
            {
              "name": "ApiKeyUsed",
              "description": "The key was used, for the first time in a while.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "NoteApiKeyUse"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "ApiKeyRevoked",
              "description": "The key opens nothing any more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "RevokeApiKey"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "KeyDeliveryDue",
              "description": "The cell is to be told what became of the key, once more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "apiKeyId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "scope",
                  "type": "ApiKeyScope",
                  "required": true
                },
                {
                  "name": "secretHash",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "revoked",
                  "type": "Boolean",
                  "required": true
                }
              ],
              "madeBy": [],
              "starts": [
                "tellCellOnKeyDeliveryDue"
              ],
              "changes": []
            }
          ]
        }
      ],
      "views": [
        {
          "name": "apiKeys",
          "kind": "view",
          "description": "Which API keys does an account have?",
          "type": "AccountApiKey",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "apiKeys(accountId)"
          ],
          "subscription": "onApiKeysChanged",
          "key": [
            "accountId"
          ],
          "sort": [
            "apiKeyId"
          ],
          "from": [
            "apiKey"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "apiKeyId",
              "type": "ID",
              "required": true
            },
            {
              "name": "name",
              "type": "String",
              "required": true
            },
            {
              "name": "scope",
              "type": "ApiKeyScope",
              "required": true
            },
            {
              "name": "issued",
              "type": "Boolean",
              "required": true,
              "description": "Without a secret a key opens nothing."
            },
            {
              "name": "createdAt",
              "type": "AWSDateTime",
              "required": true
            },
            {
              "name": "lastUsedAt",
              "type": "AWSDateTime",
              "required": false,
              "description": "To within some minutes."
            }
          ],
          "leadsTo": []
        },
        {
          "name": "apiKeyCredential",
          "kind": "view",
          "description": "Whose is this API key?",
          "type": "ApiKeyCredential",
          "mayAsk": "automations",
          "queries": [],
          "key": [
            "apiKeyId"
          ],
          "sort": [],
          "from": [
            "apiKey"
          ],
          "fields": [
            {
              "name": "apiKeyId",
              "type": "ID",
              "required": true
            },
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "scope",
              "type": "ApiKeyScope",
              "required": true
            },
            {
              "name": "secretHash",
              "type": "String",
              "required": true
            },
            {
              "name": "usedAt",
              "type": "AWSDateTime",
              "required": false
            }
          ],
          "leadsTo": []
        }
      ],
      "automations": [
        {
          "name": "createDefaultKeyOnAccountOpened",
          "description": "When an account is opened, create its default key, which waits for its secret.",
          "when": "accounts.AccountOpened",
          "sends": [
            "apiKeys.CreateApiKey"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "tellCellOnKeyDeliveryDue",
          "description": "When a key was issued or revoked, tell the cell, which checks keys by itself, until it has heard.",
          "when": "apiKeys.KeyDeliveryDue",
          "sends": [
            "apiKeys.ContinueKeyDelivery"
          ],
          "effects": [],
          "reads": []
        }
      ]
    },
    {
      "name": "billing",
      "description": "What accounts use, what it costs, and how they pay.",
      "aggregates": [
        {
          "name": "billingAccount",
          "description": "An account is one customer of Stripe, which keeps invoices and means of payment.",
          "key": "accountId",
          "unique": [],
          "commands": [
            {
              "name": "OpenBilling",
              "description": "Begins to bill an account.",
              "mutation": "openBilling",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "openBillingOnAccountOpened"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                }
              ]
            },
            {
              "name": "ContinueCustomer",
              "description": "Asks for the account's customer at Stripe again, unless it was asked for too often.",
              "mutation": "continueCustomer",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "makeCustomerOnCustomerDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordCustomer",
              "description": "Remembers who the account is at Stripe.",
              "mutation": "recordCustomer",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "makeCustomerOnCustomerDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "customerId",
                  "type": "String",
                  "required": true
                }
              ]
            },
            {
              "name": "OpenBillingPortal",
              "description": "Asks for a link to the billing portal, which leads back to `returnUrl`.",
              "mutation": "openBillingPortal",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "returnUrl",
                  "type": "AWSURL",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordPortal",
              "description": "Remembers the link to the billing portal.",
              "mutation": "recordPortal",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "openPortalOnPortalAsked"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "url",
                  "type": "String",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordPortalRefusal",
              "description": "Remembers why there is no link.",
              "mutation": "recordPortalRefusal",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "openPortalOnPortalAsked"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "reason",
                  "type": "String",
                  "required": true
                }
              ]
            },
            {
              "name": "RecordInvoice",
              "description": "Remembers how an invoice stands at Stripe.",
              "mutation": "recordInvoice",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invoiceId",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "status",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "amountCents",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "currency",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "url",
                  "type": "String",
                  "required": false
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "BillingUnknown",
              "message": "The account is not billed yet."
            },
            {
              "code": "CustomerUnknown",
              "message": "Stripe does not know the account yet; try again in a while."
            }
          ],
          "events": [
            {
              "name": "BillingOpened",
              "description": "The account is billed.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "OpenBilling"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "CustomerDue",
              "description": "Stripe is to be asked for a customer, once more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                }
              ],
              "madeBy": [
                "OpenBilling",
                "ContinueCustomer"
              ],
              "starts": [
                "makeCustomerOnCustomerDue"
              ],
              "changes": []
            },
            {
              "name": "CustomerRecorded",
              "description": "The account is a customer of Stripe.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "customerId",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordCustomer"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "PortalAsked",
              "description": "A member wants to see the billing portal.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "customerId",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "returnUrl",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "OpenBillingPortal"
              ],
              "starts": [
                "openPortalOnPortalAsked"
              ],
              "changes": []
            },
            {
              "name": "PortalOpened",
              "description": "There is a link to the billing portal.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "url",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordPortal"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "PortalRefused",
              "description": "There is no link to the billing portal.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "reason",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "RecordPortalRefusal"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "InvoiceRecorded",
              "description": "An invoice stands like this at Stripe.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "invoiceId",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "status",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "amountCents",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "currency",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "url",
                  "type": "String",
                  "required": false
                }
              ],
              "madeBy": [
                "RecordInvoice"
              ],
              "starts": [],
              "changes": []
            }
          ]
        }
      ],
      "views": [
        {
          "name": "billing",
          "kind": "view",
          "description": "Who is the account at Stripe, and where is its billing portal?",
          "type": "Billing",
          "mayAsk": "owner, admin or member of the tenant (`accountId`)",
          "queries": [
            "billing(accountId)"
          ],
          "subscription": "onBillingChanged",
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "billingAccount"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "customerId",
              "type": "String",
              "required": false
            },
            {
              "name": "portalUrl",
              "type": "String",
              "required": false
            },
            {
              "name": "portalRefused",
              "type": "String",
              "required": false
            },
            {
              "name": "portalAt",
              "type": "AWSDateTime",
              "required": false
            }
          ],
          "leadsTo": []
        },
        {
          "name": "invoices",
          "kind": "view",
          "description": "Which invoices does an account have?",
          "type": "Invoice",
          "mayAsk": "owner, admin or member of the tenant (`accountId`)",
          "queries": [
            "invoices(accountId)"
          ],
          "subscription": "onInvoicesChanged",
          "key": [
            "accountId"
          ],
          "sort": [
            "invoiceId"
          ],
          "from": [
            "billingAccount"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "invoiceId",
              "type": "String",
              "required": true
            },
            {
              "name": "status",
              "type": "String",
              "required": true
            },
            {
              "name": "amountCents",
              "type": "Int",
              "required": true
            },
            {
              "name": "currency",
              "type": "String",
              "required": true
            },
            {
              "name": "url",
              "type": "String",
              "required": false
            },
            {
              "name": "at",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "stripeCustomer",
          "kind": "view",
          "description": "Which account is this customer?",
          "type": "StripeCustomer",
          "mayAsk": "automations",
          "queries": [],
          "key": [
            "customerId"
          ],
          "sort": [],
          "from": [
            "billingAccount"
          ],
          "fields": [
            {
              "name": "customerId",
              "type": "String",
              "required": true
            },
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            }
          ],
          "leadsTo": []
        },
        {
          "name": "indexUsage",
          "kind": "projection",
          "description": "For how long did each index of an account use what?",
          "type": "IndexUsage",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "indexUsage(accountId)"
          ],
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "searchIndex"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "indexes",
              "type": "AWSJSON",
              "required": true
            }
          ],
          "leadsTo": []
        }
      ],
      "automations": [
        {
          "name": "openBillingOnAccountOpened",
          "description": "When an account is opened, begin to bill it.",
          "when": "accounts.AccountOpened",
          "sends": [
            "billing.OpenBilling"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "makeCustomerOnCustomerDue",
          "description": "When an account needs a customer at Stripe, ask for one, and again later while there is no answer.",
          "when": "billing.CustomerDue",
          "sends": [
            "billing.RecordCustomer",
            "billing.ContinueCustomer"
          ],
          "effects": [],
          "reads": []
        },
        {
          "name": "openPortalOnPortalAsked",
          "description": "When a member wants to see the billing portal, ask Stripe for a link.",
          "when": "billing.PortalAsked",
          "sends": [
            "billing.RecordPortal",
            "billing.RecordPortalRefusal"
          ],
          "effects": [],
          "reads": []
        }
      ]
    },
    {
      "name": "integrations",
      "description": "Where else an account wants to see what its indexes do.",
      "aggregates": [
        {
          "name": "datadogIntegration",
          "description": "The metrics of an account go to one place or nowhere; who may read the key to it is Datadog alone.",
          "key": "accountId",
          "unique": [],
          "commands": [
            {
              "name": "EnableDatadog",
              "description": "Publishes the metrics of the account's indexes to Datadog; the key is never readable again.",
              "mutation": "enableDatadog",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "site",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "apiKey",
                  "type": "String",
                  "required": true,
                  "hidden": "secret"
                }
              ]
            },
            {
              "name": "DisableDatadog",
              "description": "Publishes nothing to Datadog any more.",
              "mutation": "disableDatadog",
              "mayAsk": "owner, admin or member of the tenant (`accountId`)",
              "internal": false,
              "sentBy": [],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                }
              ]
            },
            {
              "name": "ContinueMetricsDelivery",
              "description": "Tells the cell again where metrics go, unless it was told too often.",
              "mutation": "continueMetricsDelivery",
              "mayAsk": "automations",
              "internal": true,
              "sentBy": [
                "tellCellOnMetricsDeliveryDue"
              ],
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                }
              ]
            }
          ],
          "rejections": [
            {
              "code": "NotEnabled",
              "message": "Datadog is not enabled."
            }
          ],
          "events": [
            {
              "name": "DatadogEnabled",
              "description": "Metrics go to Datadog.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "site",
                  "type": "String",
                  "required": true
                },
                {
                  "name": "apiKeyReference",
                  "type": "String",
                  "required": true
                }
              ],
              "madeBy": [
                "EnableDatadog"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "DatadogDisabled",
              "description": "Metrics go to Datadog no more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                }
              ],
              "madeBy": [
                "DisableDatadog"
              ],
              "starts": [],
              "changes": []
            },
            {
              "name": "MetricsDeliveryDue",
              "description": "The cell is to be told where metrics go, once more.",
              "schemaVersion": 1,
              "fields": [
                {
                  "name": "accountId",
                  "type": "ID",
                  "required": true
                },
                {
                  "name": "attempt",
                  "type": "Int",
                  "required": true
                },
                {
                  "name": "target",
                  "type": "MetricsDeliveryDueTarget",
                  "required": false
                }
              ],
              "madeBy": [
                "EnableDatadog",
                "DisableDatadog",
                "ContinueMetricsDelivery"
              ],
              "starts": [
                "tellCellOnMetricsDeliveryDue"
              ],
              "changes": []
            }
          ]
        }
      ],
      "views": [
        {
          "name": "datadog",
          "kind": "view",
          "description": "Do the metrics of an account go to Datadog?",
          "type": "DatadogIntegration",
          "mayAsk": "owner, admin, member or viewer of the tenant (`accountId`)",
          "queries": [
            "datadog(accountId)"
          ],
          "subscription": "onDatadogChanged",
          "key": [
            "accountId"
          ],
          "sort": [],
          "from": [
            "datadogIntegration"
          ],
          "fields": [
            {
              "name": "accountId",
              "type": "ID",
              "required": true
            },
            {
              "name": "enabled",
              "type": "Boolean",
              "required": true
            },
            {
              "name": "site",
              "type": "String",
              "required": false
            },
            {
              "name": "since",
              "type": "AWSDateTime",
              "required": true
            }
          ],
          "leadsTo": []
        }
      ],
      "automations": [
        {
          "name": "tellCellOnMetricsDeliveryDue",
          "description": "When metrics go elsewhere, tell the cell, which publishes them, until it has heard.",
          "when": "integrations.MetricsDeliveryDue",
          "sends": [
            "integrations.ContinueMetricsDelivery"
          ],
          "effects": [],
          "reads": []
        }
      ]
    }
  ],
  "rejections": [
    {
      "code": "Invalid",
      "message": "The input is not valid."
    },
    {
      "code": "NotAuthorized",
      "message": "You may not do this."
    },
    {
      "code": "VersionConflict",
      "message": "It has changed since the version that you expected."
    },
    {
      "code": "CommandIdReused",
      "message": "This command id was used before with another input."
    },
    {
      "code": "TooLarge",
      "message": "This would write more than one transaction may hold."
    },
    {
      "code": "SubjectForgotten",
      "message": "It speaks of a person or an address that was forgotten for good."
    },
    {
      "code": "TooManyHops",
      "message": "The chain of automations behind this command is too long."
    }
  ]
} as const
