import { defineConfig } from "vitest/config"

/** The tests that judge mutants: rules of the kernel and of the contexts, and the contracts on the in-memory adapters. */
export default defineConfig({
  test: {
    include: ["test/rule/core/**/*.test.ts", "test/rule/accounts/**/*.test.ts", "test/contract/memory.test.ts"],
    testTimeout: 10_000,
  },
})
