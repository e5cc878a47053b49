import type { Person } from "./session.ts"
export default function Console({ person }: { readonly person: Person }) { return <p>{person.email}</p> }
