/** Signs a user in with the password; gives the ID token, which carries the verified e-mail address. Throws an Error with Cognito's words. */
export async function signIn({ endpointUrl, clientId }, { email, password }) {
  const response = await fetch(endpointUrl, {
    method: "POST",
    headers: {
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      "content-type": "application/x-amz-json-1.1",
    },
    body: JSON.stringify({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  })
  const answer = await response.json()
  if (answer.AuthenticationResult === undefined)
    throw new Error(`${email || "nobody"} could not sign in: ${answer.message ?? answer.ChallengeName}`)
  return answer.AuthenticationResult.IdToken
}
