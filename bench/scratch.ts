import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const inMemory = "/dev/shm"

/** A new temporary folder; for what is filled before it is measured, in memory where the system offers that, so that filling does not wait for the disk. */
export const scratchFolder = (filled = false): string =>
  mkdtempSync(join(filled && existsSync(inMemory) ? inMemory : tmpdir(), "foldline-bench-"))
