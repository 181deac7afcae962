/**
 * @file Runs before `npm pack` and `npm publish`: builds the app (`dist`), and makes of the command line one script in plain
 * JavaScript (`bin`), so that who installs the package needs neither Vite nor a Node that reads TypeScript.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ensureBuild, ensurePackages, root } from './install.mjs'

ensurePackages()
ensureBuild()
const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const { build } = await import('vite')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  // What the page bundles, the script bundles too.
  ssr: { noExternal: true, external: Object.keys(dependencies) },
  build: {
    ssr: 'src/cli/urpatch.ts',
    outDir: 'bin',
    target: 'node20',
    copyPublicDir: false,
    rolldownOptions: { output: { entryFileNames: '[name].mjs', codeSplitting: false } },
  },
})
