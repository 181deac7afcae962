/** Firefox with settings that people have: private windows, blocked storage, and a WebAssembly that can do less. */
import { expect, inject, it } from 'vitest'
import { launchFirefox } from './chromiumAndFirefox.ts'
import { fileInput, isThere, named, press, until } from './driven.ts'
import { findFirefox } from './install.mjs'

const fixtures = new URL('../fixtures/', import.meta.url).pathname
const blocked =
  'The browser cannot store what this scan finds (cookies and site data are blocked for this page; allow them for the next visit). The scan goes on, but its results are gone when the page is closed: export them.'

it.skipIf(!findFirefox()).each([
  ['in private windows', 'browser.privatebrowsing.autostart', true, 'saved in this browser', []],
  ['that blocks all storage', 'network.cookie.cookieBehavior', 2, 'Not saved in this browser', [blocked]],
  ['without relaxed SIMD', 'javascript.options.wasm_relaxed_simd', false, 'saved in this browser', []],
] as const)('Firefox %s scans, and says what is kept', async (_, name, value, note, told) => {
  const driven = await launchFirefox({ [name]: value })
  try {
    await driven.goto(inject('url'))
    await until(driven, isThere, fileInput('Model file'))
    await driven.setFiles(fileInput('Model file'), [`${fixtures}sequential.h5`])
    await driven.setFiles(
      fileInput('Image files'),
      ['00', '01', '02'].map((picture) => `${fixtures}images/red/${picture}.png`),
    )
    await press(driven, named('button', 'Run'))
    await until(driven, () => window.urpatch!.state().scan.status === 'done')
    await until(driven, (text) => document.body.textContent.includes(text), note)
    const state = await driven.evaluate(() => {
      const { notices, skipped, coverage } = window.urpatch!.state()
      return {
        notices: notices.map(({ text }) => text),
        skipped: skipped.size,
        scanned: [...coverage.values()].map(({ images }) => images.count),
      }
    })
    expect(state).toEqual({ notices: told, skipped: 0, scanned: [3] })
    expect(await driven.noise()).toEqual([])
  } finally {
    await driven.close()
  }
})
