import { Fragment } from "react"

/** A name in camel case that may be broken before its words. */
export const Breakable = ({ name }: { readonly name: string }) =>
  name.split(/(?=[A-Z])/).map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of a name do not move
    <Fragment key={index}>
      <wbr />
      {word}
    </Fragment>
  ))
