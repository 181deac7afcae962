/**
 * @file The configuration of the engine's tests in Firefox and WebKit, one project for each of them that is here. In Chromium they are
 * part of the project `browser`.
 */
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import base from '../../vite.config.ts'
import { findFirefox, findWebKit } from './install.mjs'
import { otherBrowsers } from './provider.ts'

const root = path.resolve(import.meta.dirname, '../..')

export default defineConfig({
  root,
  cacheDir: path.join(root, 'node_modules/.vite/browsers'),
  worker: base.worker!,
  resolve: base.resolve!,
  optimizeDeps: base.optimizeDeps!,
  server: { fs: { allow: [root, '../shared/kit'] } },
  test: {
    include: [
      'tests/engine/**/*.test.ts',
      'tests/engine/**/{kitMaps,kitPixels,kitProof,kitReasons,unitCropKit}.long.ts',
    ],
    // Without a graphics card these browsers have neither WebGL nor WebGPU here; Chromium brings renderers in software for both.
    testNamePattern: /^(?!.*web(gl|gpu))/i,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    setupFiles: ['tests/quietConsole.ts'],
    browser: {
      enabled: true,
      headless: true,
      ui: false,
      screenshotFailures: false,
      connectTimeout: 240_000,
      provider: otherBrowsers(),
      instances: [
        ...(findFirefox() ? [{ browser: 'firefox' as const, name: 'Firefox' }] : []),
        ...(findWebKit() ? [{ browser: 'webkit' as const, name: 'WebKit' }] : []),
      ],
    },
  },
})
