import { Route, Switch } from "wouter"
import { NoSuchPage } from "../shell/states.tsx"
import { ActivityPage } from "./activityPage.tsx"
import { AggregatePage } from "./aggregatePage.tsx"
import { ChooseAggregatePage } from "./chooseAggregatePage.tsx"
import { ParkedPage } from "./parkedPage.tsx"
import { RequestsPage } from "./requestsPage.tsx"
import { TracePage } from "./tracePage.tsx"

const whole = decodeURIComponent

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
        {({ tenant, aggregate, id }) => (
          <AggregatePage key={id} {...{ tenant: whole(tenant), aggregate: whole(aggregate), id: whole(id) }} />
        )}
      </Route>
      <Route path="/support/activity" component={ActivityPage} />
      <Route path="/support/parked" component={ParkedPage} />
      <Route component={NoSuchPage} />
    </Switch>
  )
}
