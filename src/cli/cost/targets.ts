import type { Measured } from "./measure.ts"
import type { Month } from "./month.ts"

/** A line that was drawn, and how it stands. */
export interface Verdict {
  readonly line: string
  readonly target: string
  readonly measured: string
  readonly holds: boolean
}

const usd = (amount: number) => `$${amount.toFixed(2)}`

/** A verdict on an amount of dollars that must not be more. */
const atMost = (line: string, most: number, amount: number, note = ""): Verdict => ({
  line,
  target: `≤ ${usd(most)}`,
  measured: `${usd(amount)}${note}`,
  holds: amount <= most,
})

const usersOfTarget = 50
const usdOfPeer = 637.77

/** How the costs stand against their targets. The line of a month stands only for the number of users that it was drawn for. */
export function verdictsOf({ plain, idle }: Measured, month: Month): readonly Verdict[] {
  const withoutFirewall = idle.filter(({ of }) => of !== "AWS::WAFv2::WebACL")
  const sum = (key: "usd" | "usdAfterFree") => withoutFirewall.reduce((all, standing) => all + standing[key], 0)
  return [
    atMost("the commit of a plain command, per million", 5.5, plain.parts.commit),
    atMost("the whole path of a plain command without live push, per million", 18, plain.withoutPush),
    atMost(
      "an idle month without WAF, after what every account has free for ever",
      5,
      sum("usdAfterFree"),
      `, ${usd(sum("usd"))} at list price`,
    ),
    ...(month.users === usersOfTarget
      ? [
          atMost(
            `a month of ${usersOfTarget} users, everything included`,
            Math.floor((usdOfPeer / 5) * 100) / 100,
            month.usd.total,
            `, ${usd(month.usd.total - month.usd.tracing)} without X-Ray`,
          ),
        ]
      : []),
  ]
}
