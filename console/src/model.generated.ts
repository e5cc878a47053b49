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

export type MemberRole = "admin" | "member" | "viewer"

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
              "starts": [],
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
