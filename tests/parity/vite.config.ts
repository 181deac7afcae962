/** @file The configuration of the parity test. It needs Python with Keras and minutes, so `npm test` skips it. */
import { playwright } from '@vitest/browser-playwright'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { browserFlags, findChromium } from '../../src/cli/chromium.mjs'
import base from '../../vite.config.ts'
import { discardMember, finish, folder, makeMember, reportRow } from './maker.ts'
import { canDeriveOnnx, nextOnnxGradients, onnxFolders, reportOnnx } from './onnxMaker.ts'

const root = path.resolve(import.meta.dirname, '../..')

export default defineConfig({
  root,
  cacheDir: path.join(root, 'node_modules/.vite/parity'),
  worker: base.worker!,
  resolve: base.resolve!,
  optimizeDeps: base.optimizeDeps!,
  server: { fs: { allow: [root, folder, '../shared/kit'] } },
  test: {
    name: 'parity',
    include: ['tests/parity/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: findChromium() ?? '', args: browserFlags },
      }),
      instances: [{ browser: 'chromium' }],
      commands: {
        makeMember,
        discardMember,
        reportRow,
        finish,
        canDeriveOnnx,
        onnxFolders,
        nextOnnxGradients,
        reportOnnx,
      },
    },
  },
})
