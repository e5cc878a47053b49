import type { JsonObject } from "../../host.ts"

/** Kinds of errors that API Gateway answers itself, as gateway responses name them, with status and error type. */
const kinds = {
  ACCESS_DENIED: [403, "AccessDeniedException"],
  API_CONFIGURATION_ERROR: [500, "InternalServerErrorException"],
  AUTHORIZER_CONFIGURATION_ERROR: [500, "AuthorizerConfigurationException"],
  BAD_REQUEST_BODY: [400, "BadRequestException"],
  BAD_REQUEST_PARAMETERS: [400, "BadRequestException"],
  DEFAULT_4XX: [403, "ForbiddenException"],
  DEFAULT_5XX: [500, "InternalServerErrorException"],
  EXPIRED_TOKEN: [401, "UnauthorizedException"],
  INTEGRATION_FAILURE: [504, "InternalServerErrorException"],
  INTEGRATION_TIMEOUT: [504, "InternalServerErrorException"],
  INVALID_API_KEY: [403, "ForbiddenException"],
  INVALID_SIGNATURE: [403, "InvalidSignatureException"],
  MISSING_AUTHENTICATION_TOKEN: [403, "MissingAuthenticationTokenException"],
  REQUEST_TOO_LARGE: [413, "RequestTooLargeException"],
  UNAUTHORIZED: [401, "UnauthorizedException"],
  UNSUPPORTED_MEDIA_TYPE: [415, "UnsupportedMediaTypeException"],
} as const

export type RefusalKind = keyof typeof kinds

/** A request that API Gateway answers itself. */
export class Refused extends Error {
  readonly kind: RefusalKind
  readonly status: number
  readonly errorType: string
  /** Null where API Gateway says nothing. */
  readonly text: string | null
  /** What is wrong with the app, which the log tells its developer. */
  readonly reason: string | undefined
  /** What an authorizer that refuses says, for the words of a gateway response. */
  readonly authorizer: JsonObject | undefined
  constructor(
    kind: RefusalKind,
    text: string | null,
    more: { status?: number; errorType?: string; reason?: string; authorizer?: JsonObject } = {},
  ) {
    super(text ?? kind)
    const [status, errorType] = kinds[kind]
    this.kind = kind
    this.text = text
    this.reason = more.reason
    this.authorizer = more.authorizer
    this.status = more.status ?? status
    this.errorType = more.errorType ?? errorType
  }
}

const internal = "Internal server error"

/** The refusals, by their reason. */
export const refusals = {
  unknownStage: () => new Refused("DEFAULT_4XX", "Forbidden"),
  unknownMethod: () => new Refused("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token"),
  tooLarge: () => new Refused("REQUEST_TOO_LARGE", "HTTP content length exceeded 10485760 bytes."),
  unauthorized: () => new Refused("UNAUTHORIZED", "Unauthorized"),
  expired: () => new Refused("EXPIRED_TOKEN", "The incoming token has expired"),
  denied: (isExplicit: boolean, authorizer?: JsonObject) =>
    new Refused(
      "ACCESS_DENIED",
      `User is not authorized to access this resource${isExplicit ? " with an explicit deny" : ""}`,
      authorizer && { authorizer },
    ),
  authorizerFails: (reason: string) => new Refused("AUTHORIZER_CONFIGURATION_ERROR", null, { reason }),
  noKey: () => new Refused("INVALID_API_KEY", "Forbidden"),
  parametersMissing: (names: readonly string[]) =>
    new Refused("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${names.join(", ")}]`),
  invalidBody: () => new Refused("BAD_REQUEST_BODY", "Invalid request body"),
  unsupportedMediaType: () => new Refused("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type"),
  configuration: (reason: string) => new Refused("API_CONFIGURATION_ERROR", internal, { reason }),
  malformedAnswer: (reason: string) => new Refused("DEFAULT_5XX", internal, { status: 502, reason }),
  unreachable: (reason: string) => new Refused("INTEGRATION_FAILURE", internal, { reason }),
  late: () => {
    const reason = "the integration takes longer than its time limit"
    return new Refused("INTEGRATION_TIMEOUT", "Endpoint request timed out", { reason })
  },
}
