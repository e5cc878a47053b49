import type { Computed } from "../core/computed.ts"
import type { App } from "../core/manifest.ts"
import { type Field, fieldsOf } from "./fields.ts"

/** Every computed query of the app, in the order of the manifests. */
export const computedOf = (app: App): readonly Computed[] => app.contexts.flatMap(({ computed }) => computed ?? [])

/** What a computed query is asked with. */
export const argumentsOf = ({ name, arguments: asked }: Computed): readonly Field[] => fieldsOf(asked, name, "input")

/** What it answers. */
export const answerOf = ({ type, answer }: Computed): readonly Field[] => fieldsOf(answer, type, "output")
