import Button from "@cloudscape-design/components/button"
import type { Step } from "./steps.ts"

/** Leads to another step. */
export type Go = (step: Step) => void

/** A link from one form to another. */
export const Link = ({ children, onFollow }: { readonly children: string; readonly onFollow: () => void }) => (
  <Button variant="inline-link" formAction="none" onClick={onFollow}>
    {children}
  </Button>
)
