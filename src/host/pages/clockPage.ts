import type { Clock } from "../clock.ts"
import { readBody } from "../endpoint/body.ts"
import { sendJson } from "../endpoint/respond.ts"
import type { Json } from "../host.ts"
import { objectOf } from "../json.ts"
import type { PageHandler } from "../server.ts"

/** `POST /_host/clock {"advanceMs": n}` moves the clock forward by n milliseconds; every request answers `{"now": ISO time}`. */
export const clockPage =
  (clock: Clock): PageHandler =>
  async (request, response) => {
    if (request.method === "POST") {
      const { advanceMs } = objectOf(parse((await readBody(request)).toString()))
      if (typeof advanceMs !== "number" || advanceMs < 0)
        return sendJson(response, 400, { message: "advanceMs must be a number of milliseconds, 0 or more" })
      clock.advance(advanceMs)
    }
    sendJson(response, 200, { now: new Date(clock.now()).toISOString() })
  }

function parse(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
