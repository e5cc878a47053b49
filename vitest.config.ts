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

/** Hosts and browsers keep both processors of a small machine busy, so that few of them run side by side. */
const hosts = { maxWorkers: 2, hookTimeout: 240_000 }

export default defineConfig({
  test: {
    projects: [
      tier("rule", 0, { include: ["src/**/*.test.ts", "test/rule/**/*.test.ts"], testTimeout: 10_000 }),
      tier("contract", 0, { testTimeout: 30_000 }),
      tier("host", 0, { testTimeout: 30_000 }),
      tier("slice", 1, { ...hosts, testTimeout: 240_000 }),
      tier("browser", 2, { ...hosts, testTimeout: 240_000 }),
      tier("chaos", 3, { ...hosts, testTimeout: 400_000, fileParallelism: false }),
    ],
  },
})
