import { Route, Switch } from "wouter"
import { NoSuchPage } from "../shell/states.tsx"
import { AggregatePage, ChooseAggregatePage } from "./aggregatePage.tsx"
import { ParkedPage } from "./parkedPage.tsx"
import { RequestsPage } from "./requestsPage.tsx"
import { TracePage } from "./tracePage.tsx"

/** The support desk. Whether one may read here is decided by the API, for each query. */
export default function Support() {
  return (
    <Switch>
      <Route path="/support">
        <RequestsPage text="" />
      </Route>
      <Route path="/support/find/:text">
        {({ text }) => <RequestsPage key={text} text={decodeURIComponent(text)} />}
      </Route>
      <Route path="/support/trace/:traceId">{({ traceId }) => <TracePage traceId={traceId} />}</Route>
      <Route path="/support/aggregate" component={ChooseAggregatePage} />
      <Route path="/support/aggregate/:tenant/:aggregate/:id">
        {({ tenant, aggregate, id }) => <AggregatePage key={id} tenant={tenant} aggregate={aggregate} id={id} />}
      </Route>
      <Route path="/support/parked" component={ParkedPage} />
      <Route component={NoSuchPage} />
    </Switch>
  )
}
