import { z } from "zod"
import { readInput } from "../events/input.ts"
import type { Host, ResourceProvider } from "../host.ts"
import type { Directory } from "./directory.ts"
import { attributesOf } from "./parts.ts"
import { ClientProperties, PoolProperties } from "./userPool.ts"

const GroupProperties = z.object({
  UserPoolId: z.string(),
  GroupName: z.string().optional(),
  Description: z.string().optional(),
  Precedence: z.coerce.number().optional(),
  RoleArn: z.string().optional(),
})
const UserProperties = z.object({
  UserPoolId: z.string(),
  Username: z.string().optional(),
  UserAttributes: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).optional(),
})
const AttachmentProperties = z.object({ UserPoolId: z.string(), GroupName: z.string(), Username: z.string() })

/** Cognito's CloudFormation types. Users and groups that exist already stay as they are. */
export function cognitoResources(host: Host, directory: Directory): Record<string, ResourceProvider> {
  return {
    "AWS::Cognito::UserPool": {
      honours: Object.keys(PoolProperties.shape),
      indifferent: [
        "UserPoolTags",
        "UserPoolTier",
        "UserPoolAddOns",
        "AccountRecoverySetting",
        "DeletionProtection",
        "EmailConfiguration",
        "SmsConfiguration",
        "SmsVerificationMessage",
        "UserAttributeUpdateSettings",
      ],
      create: ({ properties, physicalName }) => {
        const pool = directory.addPool(physicalName, readInput(PoolProperties, properties))
        const ProviderURL = `${host.url}/${pool.id}`
        const ProviderName = ProviderURL.replace(/^https?:\/\//, "")
        return { ref: pool.id, attributes: { Arn: pool.arn, UserPoolId: pool.id, ProviderName, ProviderURL } }
      },
    },
    "AWS::Cognito::UserPoolClient": {
      honours: Object.keys(ClientProperties.shape),
      indifferent: [
        "ReadAttributes",
        "WriteAttributes",
        "EnableTokenRevocation",
        "SupportedIdentityProviders",
        "AllowedOAuthFlows",
        "AllowedOAuthFlowsUserPoolClient",
        "AllowedOAuthScopes",
        "CallbackURLs",
        "LogoutURLs",
        "DefaultRedirectURI",
        "AuthSessionValidity",
        "EnablePropagateAdditionalUserContextData",
      ],
      create: ({ properties, physicalName }) => {
        const client = directory.addClient(physicalName, readInput(ClientProperties, properties))
        const secret = client.secret === undefined ? {} : { ClientSecret: client.secret }
        return {
          ref: client.id,
          attributes: { ClientId: client.id, Name: client.properties.ClientName ?? physicalName, ...secret },
        }
      },
    },
    "AWS::Cognito::UserPoolGroup": {
      honours: Object.keys(GroupProperties.shape),
      create: ({ properties, physicalName }) => {
        const { UserPoolId, GroupName, Description, Precedence, RoleArn } = readInput(GroupProperties, properties)
        const group = directory.addGroup(directory.pool(UserPoolId), {
          name: GroupName ?? physicalName,
          description: Description ?? null,
          precedence: Precedence ?? null,
          roleArn: RoleArn ?? null,
        })
        return { ref: group.name }
      },
    },
    "AWS::Cognito::UserPoolUser": {
      honours: Object.keys(UserProperties.shape),
      indifferent: [
        "DesiredDeliveryMediums",
        "MessageAction",
        "ForceAliasCreation",
        "ClientMetadata",
        "ValidationData",
      ],
      create: ({ properties, physicalName }) => {
        const { UserPoolId, Username = physicalName, UserAttributes } = readInput(UserProperties, properties)
        const pool = directory.pool(UserPoolId)
        const user =
          directory.findUser(pool, Username) ??
          directory.addUser(pool, Username, attributesOf(UserAttributes), "FORCE_CHANGE_PASSWORD")
        return { ref: user.username }
      },
    },
    "AWS::Cognito::UserPoolUserToGroupAttachment": {
      honours: Object.keys(AttachmentProperties.shape),
      create: ({ properties, physicalName }) => {
        const { UserPoolId, GroupName, Username } = readInput(AttachmentProperties, properties)
        const pool = directory.pool(UserPoolId)
        const user = directory.user(pool, Username)
        const groups = [...new Set([...user.groups, directory.group(pool, GroupName).name])]
        directory.saveUser(pool, { ...user, groups })
        return { ref: physicalName }
      },
    },
    "AWS::Cognito::UserPoolDomain": {
      honours: ["Domain", "UserPoolId"],
      indifferent: ["CustomDomainConfig", "ManagedLoginVersion"],
      create: ({ properties }) => ({ ref: String(properties.Domain), attributes: { CloudFrontDistribution: "" } }),
    },
  }
}
