import { useState } from "react"
import type { IndexPrices } from "../model.generated.ts"
import type { Settings } from "./settings.ts"

/** A model that knows images and text. */
const imageModel = "open_clip/ViT-L-14/laion2b_s32b_b82k"

const smallest: Settings = { numberOfShards: 1, numberOfReplicas: 0, numberOfInferences: 1 }

/** The settings of an index that somebody thinks about, as a form and as JSON; both say the same. */
export function useDraft(prices: IndexPrices["prices"]) {
  const [asked, setAsked] = useState<Settings>(smallest)
  const [text, setText] = useState<string>()
  const settings: Settings = text === undefined ? { ...cheapest(prices), ...asked } : asked
  const fault = text === undefined ? undefined : faultIn(text)
  return {
    settings,
    /** The JSON as somebody types it; undefined while the form is shown. */
    text,
    /** Why the JSON cannot be read; the settings are the last ones that could. */
    fault,
    set: (changes: Settings) => setAsked(withoutUndefined({ ...asked, ...changes })),
    type: (typed: string) => {
      setText(typed)
      if (faultIn(typed) === undefined) setAsked(JSON.parse(typed))
    },
    showJson: () => {
      setAsked(settings)
      setText(JSON.stringify(settings, null, 2))
    },
    showForm: () => setText(undefined),
  }
}

export type Draft = ReturnType<typeof useDraft>

/** What changes when an index is to know images too, or not any more. */
export const forImages = (isForImages: boolean): Settings => ({
  model: isForImages ? imageModel : undefined,
  treatUrlsAndPointersAsImages: isForImages ? true : undefined,
})

function faultIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
    return isObject ? undefined : "Settings are a JSON object."
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}.`
  }
}

/** The cheapest of each kind, so that a larger one is somebody's choice. */
const cheapest = (prices: IndexPrices["prices"]): Settings => ({
  ...kindOf("storage", "storageClass", prices),
  ...kindOf("inference", "inferenceType", prices),
})

function kindOf(kind: string, field: string, prices: IndexPrices["prices"]): Settings {
  const [first] = pricesOf(kind, prices)
  return first === undefined ? {} : { [field]: first.name }
}

/** What there is of a kind, cheapest first. */
export const pricesOf = (kind: string, prices: IndexPrices["prices"]) =>
  prices
    .filter(({ component }) => component.startsWith(`${kind}/`))
    .map(({ component, hourMillionths }) => ({ name: component.slice(kind.length + 1), hourMillionths }))
    .sort((one, other) => one.hourMillionths - other.hourMillionths)

const withoutUndefined = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
