/** @file The built app, served on this machine and opened in headless Chromium: for the command line and tests. */
import { chromium } from 'playwright'
import { preview } from 'vite'
import { browserFlags, ensureChromium } from './chromium.mjs'
import { root } from './install.mjs'

/** Serves `dist` on a free port. */
export async function serveBuild() {
  const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'warn' })
  const address = server.httpServer.address()
  if (!address || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() }
}

/** @param {readonly string[]} more further flags */
export function launchChromium(more = []) {
  return chromium.launch({ executablePath: ensureChromium(), args: [...browserFlags, ...more] })
}
