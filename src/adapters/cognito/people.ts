import { type CognitoIdentityProviderClient, ListUsersCommand } from "@aws-sdk/client-cognito-identity-provider"

/** A person as the user pool knows them; the address only when the pool has verified it. */
export interface KnownPerson {
  readonly id: string
  readonly address?: string
}

/** Finds people in a Cognito user pool. */
export const cognitoPeople =
  (client: CognitoIdentityProviderClient, UserPoolId: string) =>
  /** The person with this id, or with this verified address. */
  async (text: string): Promise<KnownPerson | undefined> => {
    const isAddress = text.includes("@")
    const { Users = [] } = await client.send(
      new ListUsersCommand({
        UserPoolId,
        Filter: `${isAddress ? "email" : "sub"} = "${text.replace(/["\\]/g, "\\$&")}"`,
      }),
    )
    const [person] = Users.map(({ Attributes = [] }) => {
      const { sub = "", email, email_verified } = Object.fromEntries(Attributes.map(({ Name, Value }) => [Name, Value]))
      return { id: sub, ...(email !== undefined && email_verified === "true" ? { address: email } : {}) }
    }).filter(({ id, address }) => id !== "" && (!isAddress || address !== undefined))
    return person
  }
