import path from 'node:path'
import { serwist } from '@serwist/vite'
import react from '@vitejs/plugin-react'
import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import { playwright } from '@vitest/browser-playwright'
import { browserFlags, findChromium } from './src/cli/chromium.mjs'
import { Notices } from './src/cli/notices.ts'

/**
 * "Nothing leaves your computer" as a rule that the browser enforces: no request to any other origin is possible, and no
 * text of a file can become a script. What is not listed is not allowed. Only in the build: the dev server's live reload
 * needs inline scripts. `docs/hosting.md` has it as a header, which also holds in workers.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  // React Aria adds a style element of its own.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob: data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
}

/**
 * React Aria brings its words for screen readers in 34 languages. The page is in English (`lang="en"`), so these words
 * are too, whatever the browser's language: 20 kB less (gzip). Numbers in fields are still written as in the user's
 * language. Adobe's own plugin for this leaves tables without words behind, which fail in a browser whose language is
 * one of those that are left out.
 */
const englishOnly: Plugin = {
  name: 'english-only',
  apply: 'build',
  transform: {
    filter: { id: /react-(aria|stately|aria-components)\/.*\/intlStrings\.mjs/ },
    handler: (code) => ({
      code: code
        .replace(/^import \S+ from ".*\/(?!en-US)[a-z]{2}-[A-Z]{2}\.mjs";$/gm, '')
        .replace(/^ *"(?!en-US)[a-z]{2}-[A-Z]{2}": .*$/gm, ''),
      map: null,
    }),
  },
}

/** The service worker, with a list of all files of the build: see `src/offline/serviceWorker.ts`. */
const offline = serwist({
  swSrc: 'src/offline/serviceWorker.ts',
  swDest: 'sw.js',
  injectionPoint: 'self.builtFiles',
  rollupFormat: 'iife',
  globDirectory: 'dist',
  globPatterns: ['**/*'],
  globIgnores: ['sw.js'],
  maximumFileSizeToCacheInBytes: 2 ** 25,
  integration: {
    configureOptions({ root, build }, options) {
      options.globDirectory = path.resolve(root, build.outDir)
    },
  },
})

const notices = new Notices(import.meta.dirname)

/** What packages say of their licence in each of their files is said once, in `licenses.txt`: 6 kB less in an engine (gzip). */
const comments = { legal: false }

/** For the modules of each worker: whether they are loaded when it starts, as far as it is known. */
const knownStarts = new WeakMap<Rolldown.ChunkingContext, Map<string, boolean>>()

/** Whether the first script imports the module, itself or through others. */
function isAtStart(id: string, modules: Rolldown.ChunkingContext): boolean {
  const known = knownStarts.get(modules) ?? new Map<string, boolean>()
  knownStarts.set(modules, known)
  // All that import it, directly or not: the set grows while it is gone through.
  const importers = new Set([id])
  for (const one of importers) {
    const info = modules.getModuleInfo(one)
    if (known.get(one) ?? info?.isEntry) {
      known.set(id, true)
      return true
    }
    if (!known.has(one)) for (const importer of info?.importers ?? []) importers.add(importer)
  }
  for (const one of importers) known.set(one, false)
  return false
}

/**
 * A worker's first script imports one other with all that it needs, and is imported by none: WebKit would run it a second time, and then
 * two engines in one worker answer each call. Left to itself, the bundler puts into it what later scripts share.
 */
const workerScripts: Rolldown.OutputOptions = {
  comments,
  codeSplitting: {
    groups: [
      {
        debugName: 'first',
        name(id, modules) {
          return modules.getModuleInfo(id)?.isEntry === false && isAtStart(id, modules) ? 'first' : null
        },
      },
    ],
  },
}

const inChromium = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: { executablePath: findChromium() ?? '', args: browserFlags },
  }),
  instances: [{ browser: 'chromium' as const }],
}

/** Tests of the production build, by a person of Playwright's. A file has the machine for itself. */
const ofTheBuild = {
  environment: 'node' as const,
  globalSetup: 'tests/e2e/server.ts',
  testTimeout: 300_000,
  hookTimeout: 300_000,
  fileParallelism: false,
}

export default defineConfig({
  // Any folder of any static host.
  base: './',
  plugins: [react(), contentSecurityPolicy, englishOnly, notices.ofPage(['serwist']), offline],
  worker: {
    format: 'es',
    plugins: () => [notices.ofWorkers()],
    rolldownOptions: { output: workerScripts },
  },
  // tfjs' package also registers 116 gradients, 172 kernels for a backend that is never started here, and tfjs-layers.
  // All that the engine calls lies in its core (tsconfig.json says the same to the compiler): a third less script for
  // each worker to load and parse.
  resolve: { alias: [{ find: /^@tensorflow\/tfjs$/, replacement: '@tensorflow/tfjs-core' }] },
  // Known beforehand, so that the dev server never reloads a page in the middle of a test.
  optimizeDeps: {
    include: [
      'h5wasm',
      '@tensorflow/tfjs-core',
      // Only tests need these.
      '@tensorflow/tfjs-converter',
      'fast-check',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-backend-webgpu',
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      'client-zip',
      'd3-force',
      'd3-selection',
      'd3-zoom',
      'fast-png',
      'geotiff',
      'lucide-react',
      'p-limit',
      'pako',
      'papaparse',
      'react-aria-components',
      'umap-js',
      // Only tests need these.
      'unpdf',
    ],
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 5000,
    // How long plugins take is nobody's problem here.
    rolldownOptions: { checks: { pluginTimings: false }, output: { comments } },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          // One core would be left to whoever works beside it; of two that is half.
          maxWorkers: '100%',
          // Timings never decide a test: a busy machine takes its time.
          testTimeout: 60_000,
          include: ['tests/{core,rpc,state,cli,fuzz}/**/*.test.ts', 'tests/architecture.test.ts'],
        },
      },
      {
        extends: true,
        // The kit of real data lies beside the project, where it is there at all (tests/kit.ts).
        server: { fs: { allow: ['.', '../shared/kit'] } },
        test: {
          name: 'browser',
          include: ['tests/{engine,ui}/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ['tests/quietConsole.ts'],
          browser: inChromium,
        },
      },
      {
        extends: true,
        server: { fs: { allow: ['.', '../shared/kit'] } },
        // What takes minutes: `npm run test:long`.
        test: {
          name: 'long',
          include: ['tests/engine/**/*.long.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          setupFiles: ['tests/quietConsole.ts'],
          browser: inChromium,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          ...ofTheBuild,
        },
      },
      {
        extends: true,
        test: {
          name: 'long e2e',
          include: ['tests/e2e/**/*.long.ts'],
          ...ofTheBuild,
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          include: ['tests/browsers/**/*.test.ts'],
          ...ofTheBuild,
        },
      },
    ],
  },
})
