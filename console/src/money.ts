const exact = (digits: number) =>
  new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: digits })
const dollars = exact(2)
const fine = exact(4)

/** "$71.03", of cents. */
export const dollarsText = (cents: number) => dollars.format(cents / 100)

/** "$0.0973", of millionths of a dollar. */
export const fineDollarsText = (millionths: number) => fine.format(millionths / 1_000_000)

/** An amount in any currency, of its hundredths. */
export const amountText = (hundredths: number, currency: string) =>
  new Intl.NumberFormat("en", { style: "currency", currency: currency.toUpperCase() }).format(hundredths / 100)
