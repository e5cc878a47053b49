/** The program of one section: a process of its own, so that no section finds the memory and the threads of another. */
import { type SectionName, sections } from "./sections.ts"

const [name = "", settings = "{}"] = process.argv.slice(2)
const measured = await sections[name as SectionName]({
  ...JSON.parse(settings),
  tell: line => console.error(`${new Date().toISOString().slice(11, 19)} ${name}: ${line}`),
})
process.send?.(measured, () => process.exit(0))
