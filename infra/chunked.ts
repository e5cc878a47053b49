/** The items in order, in lists of at most `sizeMax`. */
export const chunked = <Item>(items: readonly Item[], sizeMax: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / sizeMax) }, (_, index) =>
    items.slice(index * sizeMax, (index + 1) * sizeMax),
  )
