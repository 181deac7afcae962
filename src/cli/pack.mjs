/**
 * @file Runs before `npm pack` and `npm publish`: builds the app (`dist`), and makes of the command line one script in plain
 * JavaScript (`bin`), so that who installs the package needs neither Vite nor a Node that reads TypeScript.
 */
import { ensureBuild, ensurePackages, root } from './install.mjs'

ensurePackages()
ensureBuild()
const { build } = await import('vite')
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'src/cli/urpatch.ts',
    outDir: 'bin',
    target: 'node20',
    copyPublicDir: false,
    rolldownOptions: { output: { entryFileNames: '[name].mjs', codeSplitting: false } },
  },
})
