/** How Chromium is started. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { launch } from '../../src/cli/chromium.mjs'

it.skipIf(process.platform === 'win32')('disables no fewer features than Playwright does', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'urpatch-flags-'))
  const noted = path.join(folder, 'flags.txt')
  // Notes its command line and ends, so that no browser starts.
  const program = path.join(folder, 'chromium')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${noted}'\n`)
  chmodSync(program, 0o755)
  await expect(launch(program)).rejects.toThrow()
  const lists = readFileSync(noted, 'utf8')
    .split('\n')
    .filter((flag) => flag.startsWith('--disable-features='))
    .map((flag) => flag.slice(flag.indexOf('=') + 1).split(','))
  rmSync(folder, { recursive: true })
  expect(lists.length).toBe(2)
  expect(lists[1]).toEqual(expect.arrayContaining(lists[0]!))
})
