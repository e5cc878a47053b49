/**
 * Sends what a function asks of `https://….amazonaws.com` by itself (an answer to CloudFormation, version 2 of the SDK) to the
 * host's endpoint. Version 3 of the SDK goes there by AWS_ENDPOINT_URL already.
 */
import { createRequire, syncBuiltinESMExports } from "node:module"
import { urlToHttpOptions } from "node:url"

const isAws = hostname => typeof hostname === "string" && /\.amazonaws\.com(\.cn)?$/.test(hostname)

/** @param {string} endpoint Base URL of the host. */
export function serveAwsHosts(endpoint) {
  const target = new URL(endpoint)
  const require = createRequire(import.meta.url)
  const http = require("node:http")
  const https = require("node:https")

  // Some operations put a word before the endpoint's name, such as `sync-` of Step Functions.
  const isPrefixed = hostname => typeof hostname === "string" && hostname.endsWith(`-${target.hostname}`)

  const serve = (protocol, name, isServed) => {
    const original = protocol[name]
    const request = http[name]
    protocol[name] = (...given) => {
      const callback = given.find(value => typeof value === "function")
      const [address, more] = typeof given[0] === "string" || given[0] instanceof URL ? given : [undefined, given[0]]
      const options = {
        ...(address !== undefined && urlToHttpOptions(new URL(address))),
        ...(typeof more === "object" && more),
      }
      const hostname = options.hostname ?? options.host
      if (!isServed(hostname)) return original(...given)
      const headers = { ...options.headers, host: options.headers?.host ?? hostname }
      const here = {
        protocol: "http:",
        hostname: target.hostname,
        host: undefined,
        port: target.port,
        agent: undefined,
      }
      return request({ ...options, ...here, headers }, callback)
    }
  }
  for (const name of ["request", "get"]) {
    serve(https, name, isAws)
    serve(http, name, isPrefixed)
  }
  syncBuiltinESMExports()

  const fetchAnywhere = globalThis.fetch
  globalThis.fetch = (resource, options) => {
    const url = new URL(resource instanceof Request ? resource.url : String(resource))
    if (!isAws(url.hostname)) return fetchAnywhere(resource, options)
    // `fetch` sets the header Host itself, so an API is named by its path.
    const [, api] = /^([a-z0-9]+)\.execute-api\./.exec(url.hostname) ?? []
    const here = new URL((api === undefined ? "" : `/_apis/${api}`) + url.pathname + url.search, endpoint)
    const request = new Request(resource instanceof Request ? new Request(here, resource) : here, options)
    if (api !== undefined) request.headers.set("x-forwarded-host", url.hostname)
    return fetchAnywhere(request)
  }
}
