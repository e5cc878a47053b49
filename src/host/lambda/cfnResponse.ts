/** The module `cfn-response` that code in the template finds: `send(event, context, status, data, physicalId)`. */
export const cfnResponse = `
const https = require("https")
exports.SUCCESS = "SUCCESS"
exports.FAILED = "FAILED"
exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) => {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: "See the details in CloudWatch Log Stream: " + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  })
  const { hostname, pathname: path } = new URL(event.ResponseURL)
  const headers = { "content-type": "", "content-length": Buffer.byteLength(body) }
  const request = https.request({ hostname, port: 443, path, method: "PUT", headers }, () => context.done())
  request.on("error", error => context.done(error))
  request.end(body)
}
`
