import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // In this order: what the second keeps lies in the folder of the first.
    globalSetup: ['tests/support/temporary-setup.ts', 'tests/support/told-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
