import { HeadersFrameOption, HeadersReferrerPolicy, type ResponseHeadersPolicyProps } from "aws-cdk-lib/aws-cloudfront"
import { Duration } from "aws-cdk-lib/core"

/** Where the console asks. */
export interface ConsoleBackend {
  readonly graphqlUrl: string
  readonly realtimeUrl: string
  readonly region: string
}

/**
 * What the console's pages may load and ask: their own files, the API and the user pool. Cloudscape and the charts of the desk set
 * styles on elements, which only `'unsafe-inline'` allows.
 */
export const contentSecurityPolicy = ({ graphqlUrl, realtimeUrl, region }: ConsoleBackend): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self' ${graphqlUrl} ${realtimeUrl} https://cognito-idp.${region}.amazonaws.com`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ")

/** The security headers of the console's pages. */
export const consoleHeaders = (backend: ConsoleBackend): ResponseHeadersPolicyProps => ({
  securityHeadersBehavior: {
    contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(backend), override: true },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
  },
})
