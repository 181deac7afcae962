/** The digest of a file, read as a whole or piece by piece. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { digestFile, digestLines } from '../../../src/engine/files/digest.ts'
import { seeded } from '../../fixtures/random.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** `sha256sum` of three letters, the example of FIPS 180-2. */
const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('the digest of a file', () => {
  it('is its SHA-256, as a whole, in pieces and without the browser’s own', async () => {
    const file = new Blob(['abc'])
    expect(await digestFile(file)).toBe(ofAbc)
    expect(await digestFile(file, 0)).toBe(ofAbc)
    vi.stubGlobal('crypto', {})
    expect(await digestFile(file)).toBe(ofAbc)
  })

  it('is the same over more bytes than a piece has', async () => {
    const random = seeded(5)
    const bytes = Uint8Array.from({ length: (2 << 20) + 12_345 }, () => Math.floor(random.next() * 256))
    const file = new Blob([bytes])
    expect(await digestFile(file, 0)).toBe(await digestFile(file))
  })

  it('of a list is that of its lines, each with its end', async () => {
    expect(digestLines(['ab', 'c'])).toBe(await digestFile(new Blob(['ab\nc\n'])))
  })
})
