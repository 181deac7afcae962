/** @file `npm start`: installs what is missing, builds, serves and opens the demo. */
import path from 'node:path'
import { ensureBuild, ensurePackages, root } from './install.mjs'
import { endInWords } from './words.mjs'

await endInWords(async () => {
  ensurePackages()
  ensureBuild()
  const { serveApp } = await import('./server.mjs')
  const port = Number(process.env['PORT'] ?? 4173)
  await serveApp(path.join(root, 'dist'), { port, open: !process.env['CI'], isDemo: true })
})
