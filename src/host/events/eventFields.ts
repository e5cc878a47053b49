import type { Json } from "../host.ts"

export type Scalar = null | boolean | number | string

/** One leaf of an event, with the array elements that it stands in (array number → index). */
export interface EventField {
  readonly value: Scalar
  readonly elements: ReadonlyMap<number, number>
}

/** Every leaf of an event by dotted path. */
export type EventFields = ReadonlyMap<string, readonly EventField[]>

const nowhere: ReadonlyMap<number, number> = new Map()
const flattened = new WeakMap<object, EventFields>()

/** Leaves of an event as EventBridge sees them: objects give dotted paths, arrays give alternatives. Remembered per event object. */
export function eventFields(event: { readonly [key: string]: Json }): EventFields {
  const known = flattened.get(event)
  if (known) return known
  const fields = flatten(event)
  flattened.set(event, fields)
  return fields
}

/** Do two leaves stand in the same element of every array that holds both? */
export function standTogether(one: EventField, other: EventField): boolean {
  for (const [array, index] of one.elements) {
    const otherIndex = other.elements.get(array)
    if (otherIndex !== undefined && otherIndex !== index) return false
  }
  return true
}

function flatten(event: Json): EventFields {
  const fields = new Map<string, EventField[]>()
  let arrays = 0

  const visit = (path: string, value: Json, elements: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrays++
      value.forEach((item, index) => {
        visit(path, item, isObject(item) ? new Map([...elements, [array, index]]) : elements)
      })
    } else if (isObject(value)) {
      for (const [name, item] of Object.entries(value)) visit(path === "" ? name : `${path}.${name}`, item, elements)
    } else {
      const leaves = fields.get(path)
      if (leaves) leaves.push({ value, elements })
      else fields.set(path, [{ value, elements }])
    }
  }

  visit("", event, nowhere)
  return fields
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
