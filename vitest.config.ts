import { defineConfig } from "vitest/config"

/** One project per tier, so that a tier runs alone: `npx vitest run --project rule`. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "rule", include: ["src/**/*.test.ts", "test/rule/**/*.test.ts"], testTimeout: 10_000 } },
      { test: { name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout: 30_000 } },
      { test: { name: "host", include: ["test/host/**/*.test.ts"], testTimeout: 30_000 } },
      {
        test: {
          name: "slice",
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          include: ["test/slice/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "chaos",
          include: ["test/chaos/**/*.test.ts"],
          testTimeout: 400_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
