/** @file The configuration of long tests that run in Node, some of them of the production build: `npm run test:long`. */
import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: {
    name: 'long in node',
    environment: 'node',
    include: ['tests/long/**/*.test.ts'],
    globalSetup: 'tests/e2e/server.ts',
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    fileParallelism: false,
  },
})
