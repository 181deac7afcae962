/** @file `npm start`: installs what is missing, builds, serves and opens the demo. */
import { spawn } from 'node:child_process'
import { ensureBuild, ensurePackages, root } from './install.mjs'

ensurePackages()
ensureBuild()

const { preview } = await import('vite')
const server = await preview({
  root,
  preview: { port: Number(process.env['PORT'] ?? 4173) },
  logLevel: 'warn',
})
const url = new URL('?demo', server.resolvedUrls?.local[0])
console.log(`Urpatch is at ${url.origin}/ and the demo at ${url.href} (Ctrl+C ends it)`)
openInBrowser(url.href)

/** Without a desktop nothing opens; the address is printed anyway. */
function openInBrowser(/** @type {string} */ address) {
  /** @type {Record<string, [string, string[]]>} */
  const openers = { darwin: ['open', [address]], win32: ['cmd', ['/c', 'start', '', address]] }
  const [command, args] = openers[process.platform] ?? ['xdg-open', [address]]
  if (process.env['CI']) return
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}
