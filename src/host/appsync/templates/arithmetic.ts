import { javaText } from "./javaMembers.ts"

/** Java's arithmetic: whole numbers divide to whole ones when they are written so, `+` joins texts, nothing comes of null. */
export function arithmetic(operator: string, one: unknown, other: unknown, areWrittenWhole: boolean): unknown {
  if (operator === "+" && (typeof one === "string" || typeof other === "string")) return javaText(one) + javaText(other)
  if (typeof one !== "number" || typeof other !== "number") return undefined
  const whole = areWrittenWhole && Number.isInteger(one) && Number.isInteger(other)
  const results: Record<string, () => unknown> = {
    "+": () => one + other,
    "-": () => one - other,
    "*": () => one * other,
    "/": () => (other === 0 ? undefined : whole ? Math.trunc(one / other) : one / other),
    "%": () => (other === 0 ? undefined : one % other),
    "<": () => one < other,
    ">": () => one > other,
    "<=": () => one <= other,
    ">=": () => one >= other,
  }
  return results[operator]?.()
}
