import { defineConfig } from "vitest/config"

/**
 * One project per tier, so that a tier runs alone: `npx vitest run --project rule`. Files of a tier share what they load:
 * a test file leaves nothing behind in the modules that it imports.
 */
const tier = (name: string, groupOrder: number, settings: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    isolate: false,
    sequence: { groupOrder },
    ...settings,
  },
})

/** Vitest leaves a processor free, which is one of two on a small machine; hosts and browsers keep both busy, so that few of them run side by side. */
const both = { maxWorkers: 2 }
const hosts = { ...both, hookTimeout: 240_000 }

export default defineConfig({
  test: {
    projects: [
      tier("rule", 0, { include: ["src/**/*.test.ts", "test/rule/**/*.test.ts"], ...both, testTimeout: 10_000 }),
      tier("contract", 0, { ...both, testTimeout: 30_000 }),
      tier("host", 0, { ...both, testTimeout: 30_000 }),
      tier("slice", 1, { ...hosts, testTimeout: 240_000 }),
      tier("browser", 2, { ...hosts, testTimeout: 240_000 }),
      tier("chaos", 3, { ...hosts, testTimeout: 400_000, fileParallelism: false }),
    ],
  },
})
