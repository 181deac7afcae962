/** @file The built app, served on this machine and opened in headless Chromium: for tests and tools of a clone. */
import path from 'node:path'
import { ensureChromium, launch } from './chromium.mjs'
import { root } from './install.mjs'
import { serveFolder } from './server.mjs'

/** Serves `dist` on a free port. */
export function serveBuild() {
  return serveFolder(path.join(root, 'dist'))
}

/** @param {readonly string[]} [more] further flags */
export function launchChromium(more) {
  return launch(ensureChromium(), more)
}
