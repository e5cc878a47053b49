/* global GraphiQL, React, ReactDOM */
import { signIn } from "./signIn.mjs"
import { subscribe } from "./subscribe.mjs"

const local = await (await fetch("/graphiql/local.json")).json()
const form = document.querySelector("form")
const { who, email, password, apiKey } = form.elements

/** Headers of whoever is chosen; undefined until they are needed, or once the API has refused them. */
let headers

function offerWays() {
  for (const user of local.users) who.add(new Option(user.email, "demo"))
  who.add(new Option("API key", "key"))
  who.add(new Option("another user", "user"))
  apiKey.value = local.apiKey ?? ""
  if (local.users.length === 0 && local.apiKey === null) who.value = local.clientId === null ? "key" : "user"
  form.dataset.way = who.value
  form.addEventListener("submit", event => event.preventDefault())
  form.addEventListener("input", () => {
    headers = undefined
    form.dataset.way = who.value
  })
}

async function headersOfChosen() {
  if (who.value === "key") return { "x-api-key": apiKey.value }
  const user = who.value === "demo" ? local.users[who.selectedIndex] : { email: email.value, password: password.value }
  return { Authorization: await signIn(local, user) }
}

async function ask(body, isRetry = false) {
  headers ??= await headersOfChosen()
  const response = await fetch(local.graphqlUrl, { method: "POST", headers, body: JSON.stringify(body) })
  if (response.status !== 401 || isRetry) return response.json()
  headers = undefined
  return ask(body, true)
}

const isSubscription = (document, operationName) =>
  document?.definitions.some(
    ({ operation, name }) => operation === "subscription" && (!operationName || name?.value === operationName),
  )

offerWays()
ReactDOM.createRoot(document.querySelector("main")).render(
  React.createElement(GraphiQL, {
    isHeadersEditorEnabled: false,
    fetcher: async (body, { documentAST } = {}) =>
      isSubscription(documentAST, body.operationName) ? subscribe(local, await headersOfChosen(), body) : ask(body),
  }),
)
