import type { App } from "../core/manifest.ts"
import type { AnyView } from "../core/view.ts"
import { isForPeople } from "./audience.ts"
import { pascalCase } from "./names.ts"

/** Views whose changes are pushed. */
export const liveViews = (app: App): readonly AnyView[] =>
  app.contexts.flatMap(context => context.views.filter(view => view.live === true && isForPeople(view.authorize)))

/** `onMembersChanged`. */
export const subscriptionName = (view: AnyView) => `on${pascalCase(view.name)}Changed`
