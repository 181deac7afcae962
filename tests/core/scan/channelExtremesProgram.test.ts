/** The program in the repository is what its source says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const file = 'src/engine/scan/channelExtremes'

it('channelExtremes.wasm is made of channelExtremes.wat', () => {
  const made = join(mkdtempSync(join(tmpdir(), 'urpatch-')), 'made.wasm')
  execFileSync('node_modules/.bin/wat2wasm', [`${file}.wat`, '-o', made])
  expect(readFileSync(made).equals(readFileSync(`${file}.wasm`))).toBe(true)
})
