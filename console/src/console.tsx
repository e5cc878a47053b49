import I18nProvider from "@cloudscape-design/components/i18n"
import messages from "@cloudscape-design/components/i18n/messages/all.en"
import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { lazy, Suspense, useState } from "react"
import { Redirect, Route, Router, Switch } from "wouter"
import { useHashLocation } from "wouter/use-hash-location"
import { AccountPage } from "./accounts/accountPage.tsx"
import { AccountsPage } from "./accounts/accountsPage.tsx"
import { ApiError } from "./api/client.ts"
import { CommandsProvider } from "./commands/commands.tsx"
import { type Person, PersonProvider } from "./session.ts"
import { LoadingPage, NoSuchPage } from "./shell/states.tsx"

const IndexesPage = lazy(() => import("./indexes/indexesPage.tsx"))
const CreateIndexPage = lazy(() => import("./indexes/createIndexPage.tsx"))
const IndexPage = lazy(() => import("./indexes/indexPage.tsx"))
const ApiKeysPage = lazy(() => import("./apiKeys/apiKeysPage.tsx"))
const BillingPage = lazy(() => import("./billing/billingPage.tsx"))
const IntegrationsPage = lazy(() => import("./integrations/integrationsPage.tsx"))
const ModelPage = lazy(() => import("./model/modelPage.tsx"))
const Support = lazy(() => import("./support/routes.tsx"))

const rereadsMax = 40
const networkRetriesMax = 3

/** A row that is not visible yet is asked for again soon; a broken connection a few times; a refusal never. */
function newQueries(): QueryClient {
  const typeOf = (error: Error) => (error instanceof ApiError ? error.type : "Unknown")
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) =>
          count <
          (typeOf(error) === "NotYetVisible" ? rereadsMax : typeOf(error) === "Network" ? networkRetriesMax : 0),
        retryDelay: (count, error) => (typeOf(error) === "NotYetVisible" ? 150 : 500 * 2 ** count),
        staleTime: 5_000,
      },
    },
  })
}

/** Everything behind the sign-in. */
export default function Console({ person }: { readonly person: Person }) {
  const [queries] = useState(newQueries)
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queries}>
        <PersonProvider value={person}>
          <CommandsProvider>
            <Router hook={useHashLocation}>
              <Suspense fallback={<LoadingPage />}>
                <Switch>
                  <Route path="/" component={AccountsPage} />
                  <Route path="/accounts/:accountId">
                    {({ accountId }) => <AccountPage key={accountId} accountId={accountId} />}
                  </Route>
                  <Route path="/accounts/:accountId/indexes">
                    {({ accountId }) => <IndexesPage key={accountId} accountId={accountId} />}
                  </Route>
                  <Route path="/accounts/:accountId/indexes/~create">
                    {({ accountId }) => <CreateIndexPage key={accountId} accountId={accountId} />}
                  </Route>
                  <Route path="/accounts/:accountId/indexes/:indexName">
                    {place => <IndexPage key={`${place.accountId}/${place.indexName}`} {...place} />}
                  </Route>
                  <Route path="/accounts/:accountId/api-keys">
                    {({ accountId }) => <ApiKeysPage key={accountId} accountId={accountId} />}
                  </Route>
                  <Route path="/accounts/:accountId/billing">
                    {({ accountId }) => <BillingPage key={accountId} accountId={accountId} />}
                  </Route>
                  <Route path="/accounts/:accountId/integrations">
                    {({ accountId }) => <IntegrationsPage key={accountId} accountId={accountId} />}
                  </Route>
                  <Route path="/model" component={ModelPage} />
                  {person.isSupport && <Route path="/support/*?" component={Support} />}
                  <Route path="/accounts">
                    <Redirect to="/" />
                  </Route>
                  <Route component={NoSuchPage} />
                </Switch>
              </Suspense>
            </Router>
          </CommandsProvider>
        </PersonProvider>
      </QueryClientProvider>
    </I18nProvider>
  )
}
