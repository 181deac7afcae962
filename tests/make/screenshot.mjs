/** @file Makes the README's screenshot from the built demo: `node tests/make/screenshot.mjs`. */
import path from 'node:path'
import { launchChromium, serveBuild } from '../../src/cli/browser.mjs'
import { ensureBuild, root } from '../../src/cli/install.mjs'

ensureBuild()
const server = await serveBuild()
const browser = await launchChromium()
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
await page.goto(`${server.url}?demo`)
// Waits for the sample, and then for the rest, which follows by itself.
const all = () => {
  const scan = window.urpatch?.state().scan
  return scan?.status === 'done' && scan.progress.total === 3000
}
await page.waitForFunction(all, undefined, { timeout: 600_000 })
await page.getByRole('row', { name: 'Channel 16', exact: true }).click({ position: { x: 20, y: 20 } })
await page.getByRole('img', { name: 'The patch in its image' }).waitFor()
await page.mouse.move(0, 0)
await page.waitForTimeout(500)
await page.screenshot({ path: path.join(root, '.github/screenshot.png') })
await browser.close()
await server.close()
