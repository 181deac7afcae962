/** The programs in the repository are what their sources say. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it.each(['src/engine/backend/kernels/channelExtremes', 'src/engine/backend/kernels/batchNorm'])(
  '%s.wasm is made of its .wat',
  (file) => {
    const made = join(mkdtempSync(join(tmpdir(), 'urpatch-')), 'made.wasm')
    execFileSync('node_modules/.bin/wat2wasm', [`${file}.wat`, '-o', made])
    expect(readFileSync(made).equals(readFileSync(`${file}.wasm`))).toBe(true)
  },
)
