/** @file Serves a folder as any static host would: on this machine, and on no other unless a host is given. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import sirv from 'sirv'

/** Ports that are tried one after the other if one is taken. */
const mostPorts = 100

/**
 * Files are read anew for each request, so that a build meanwhile shows.
 * @param {string} folder
 * @param {{ host?: string, port?: number }} [where] without a port: one that is free
 */
export async function serveFolder(folder, { host = '127.0.0.1', port = 0 } = {}) {
  const server = createServer(sirv(folder, { dev: true, etag: true }))
  for (let tried = 0; !(await listens(server, host, port + tried)); tried++)
    if (tried === mostPorts) throw new Error(`All ports from ${port} to ${port + tried} are taken.`)
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://${host}:${address.port}/`,
    /** @returns {Promise<void>} */
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * False if the port is taken.
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function listens(server, host, port) {
  return new Promise((resolve, reject) => {
    const refuse = (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error)
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve(true)
    })
  })
}

/**
 * Serves the built app until the process ends, prints its address, and opens it.
 * @param {string} dist
 * @param {{ host?: string, port: number, open: boolean, isDemo: boolean }} how
 */
export async function serveApp(dist, { host = 'localhost', port, open, isDemo }) {
  const { url } = await serveFolder(dist, { host, port })
  const demo = `${url}?demo`
  console.log(`Urpatch is at ${url} and the demo at ${demo} (Ctrl+C ends it)`)
  if (open) openInBrowser(isDemo ? demo : url)
}

/** Without a desktop nothing opens; the address is printed anyway. */
function openInBrowser(/** @type {string} */ address) {
  /** @type {Record<string, [string, string[]]>} */
  const openers = { darwin: ['open', [address]], win32: ['cmd', ['/c', 'start', '', address]] }
  const [command, args] = openers[process.platform] ?? ['xdg-open', [address]]
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}
