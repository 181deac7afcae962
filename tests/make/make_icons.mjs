/** @file Draws the icons of the installed app from `public/icon.svg`: `node tests/make/make_icons.mjs`. */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { launchChromium } from '../../src/cli/browser.mjs'
import { root } from '../../src/cli/install.mjs'

const svg = readFileSync(path.join(root, 'public/icon.svg'), 'utf8')
const ground = /rx="3" fill="(#\w+)"/.exec(svg)?.[1]
if (!ground) throw new Error('public/icon.svg has no ground to fill the corners with')

/** `filled` icons have a margin and no round corners, for systems that cut the shape themselves. */
const icons = [
  { file: '192.png', size: 192, filled: false },
  { file: '512.png', size: 512, filled: false },
  { file: 'maskable-512.png', size: 512, filled: true },
  { file: 'apple-180.png', size: 180, filled: true },
]

const folder = path.join(root, 'public/icons')
mkdirSync(folder, { recursive: true })
const browser = await launchChromium()
for (const { file, size, filled } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const extent = filled ? size * 0.8 : size
  const style = `<style>*{margin:0}body{display:grid;place-items:center;height:100vh;${filled ? `background:${ground}` : ''}}svg{width:${extent}px;height:${extent}px}</style>`
  await page.setContent(style + svg)
  await page.screenshot({ path: path.join(folder, file), omitBackground: true })
  await page.close()
}
await browser.close()
