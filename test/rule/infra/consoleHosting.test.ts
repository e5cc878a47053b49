import { Template } from "aws-cdk-lib/assertions"
import { App, Stack } from "aws-cdk-lib/core"
import { describe, expect, test } from "vitest"
import { ConsoleHosting } from "../../../infra/consoleHosting.ts"
import { ofType, type Resource, stacks, templates } from "./stacks.ts"

const { resources, outputs } = templates().stateless
const only = (type: string) => {
  const [found, ...others] = ofType(resources, type).map(([, { Properties }]) => Properties)
  expect(others).toEqual([])
  return found
}
const text = (value: unknown) => JSON.stringify(value)

describe("the console", () => {
  test("stands in a bucket that CloudFront alone may read", () => {
    expect(only("AWS::S3::Bucket").PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    const [deny, allow, ...more] = only("AWS::S3::BucketPolicy").PolicyDocument.Statement
    expect(deny).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } })
    expect(allow).toMatchObject({ Action: "s3:GetObject", Principal: { Service: "cloudfront.amazonaws.com" } })
    expect(text(allow.Condition)).toContain("ConsoleDistribution")
    expect(more).toEqual([])
    expect(only("AWS::CloudFront::OriginAccessControl").OriginAccessControlConfig.SigningBehavior).toBe("always")
  })

  test("is served with the headers that keep foreign code out", () => {
    const { DefaultCacheBehavior } = only("AWS::CloudFront::Distribution").DistributionConfig
    expect(DefaultCacheBehavior).toMatchObject({ ViewerProtocolPolicy: "redirect-to-https", Compress: true })
    const [id] = ofType(resources, "AWS::CloudFront::ResponseHeadersPolicy")[0] ?? []
    expect(DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual({ Ref: id })
    const headers = only("AWS::CloudFront::ResponseHeadersPolicy").ResponseHeadersPolicyConfig.SecurityHeadersConfig
    const policy = text(headers.ContentSecurityPolicy.ContentSecurityPolicy)
    for (const part of [
      "default-src 'none'",
      "script-src 'self';",
      "frame-ancestors 'none'",
      "GraphQLUrl",
      "RealtimeUrl",
    ])
      expect(policy).toContain(part)
    expect(headers.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31_536_000)
  })

  test("finds its one page under every address that names no file", () => {
    const { FunctionCode } = only("AWS::CloudFront::Function")
    const handler = new Function(`${FunctionCode}; return handler`)()
    const served = (uri: string) => handler({ request: { uri } }).uri
    expect(["/", "/accounts/1", "/assets/app-1.js", "/config.json"].map(served)).toEqual([
      "/index.html",
      "/index.html",
      "/assets/app-1.js",
      "/config.json",
    ])
  })

  test("gets its files and config.json at each deployment; the page is never cached, its parts for ever", () => {
    const [assets, page] = ofType(resources, "Custom::CDKBucketDeployment").map(([, { Properties }]) => Properties)
    expect(assets).toMatchObject({
      Include: ["assets/*"],
      SystemMetadata: { "cache-control": expect.stringContaining("immutable") },
    })
    expect(page).toMatchObject({
      Exclude: ["assets/*"],
      SystemMetadata: { "cache-control": "no-cache" },
      DistributionPaths: ["/*"],
    })
    expect(text(page.SourceMarkers)).toMatch(/GraphQLUrl.*UserPoolId.*UserPoolClientId/)
  })

  test("is left out where something else serves it", () => {
    const conditional = Object.entries(resources).filter(([, resource]) => "Condition" in resource)
    const hosting = Object.entries(resources).filter(([id]) => /^(?:Console|CustomCDKBucketDeployment)/.test(id))
    expect(hosting.length).toBeGreaterThan(10)
    expect(conditional.map(([id]) => id)).toEqual(hosting.map(([id]) => id))
    expect(outputs.ConsoleUrl).toMatchObject({ Condition: "ConsoleIsHosted" })
    const others = Object.entries(resources as Readonly<Record<string, Resource>>).filter(
      ([id]) => !hosting.some(([one]) => one === id),
    )
    expect(text(others)).not.toContain("ConsoleDistribution")
  })

  test("takes a domain of one's own with its certificate, and not one without the other", () => {
    const context = {
      consoleDomain: "console.example.org",
      consoleCertificate: "arn:aws:acm:us-east-1:1:certificate/c",
    }
    const { DistributionConfig } =
      Object.values(Template.fromStack(stacks({ context }).stateless).findResources("AWS::CloudFront::Distribution"))[0]
        ?.Properties ?? {}
    expect(DistributionConfig).toMatchObject({
      Aliases: ["console.example.org"],
      ViewerCertificate: { AcmCertificateArn: context.consoleCertificate, MinimumProtocolVersion: "TLSv1.2_2021" },
    })
    expect(() => stacks({ context: { consoleDomain: "console.example.org" } })).toThrow("go together")
  })

  test("that nobody has built is replaced by a page that says so, and the synth warns", () => {
    const stack = new Stack(new App({ stackTraces: false }), "Unbuilt")
    const backend = { graphqlUrl: "g", realtimeUrl: "r", region: "eu-west-1", userPoolId: "p", clientId: "c" }
    const { node } = new ConsoleHosting(stack, "Console", { folder: "/nowhere", backend })
    expect(node.metadata.map(({ data }) => String(data)).join()).toContain(
      "/nowhere has no console: `npm run build:console`",
    )
  })
})
