import { expect, it } from 'vitest'
import { beginsAs, packers, type Signature } from '../../src/core/signatures.ts'

function bytes(letters: string): Uint8Array {
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
}

const files: readonly [Signature, string][] = [
  ['gzip', '\x1f\x8b\x08'],
  ['bzip2', 'BZh91AY'],
  ['xz', '\xfd7zXZ\0'],
  ['zstd', '\x28\xb5\x2f\xfd\x24'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['RAR', 'Rar!\x1a\x07'],
  ['zip', 'PK\x03\x04\x14'],
  ['tar', `${'a'.repeat(257)}ustar\0`],
  ['Git LFS', 'version https://git-lfs.github.com/spec/v1\n'],
  ['PDF', '%PDF-1.7'],
  ['NumPy', '\x93NUMPY\x01'],
  ['web page', '\n <!DOCTYPE HTML><title>404</title>'],
  ['web page', '\xef\xbb\xbf<html>'],
]

it.each(files)('a file of the kind %s is known by its first bytes, and as nothing else', (kind, letters) => {
  const kinds = new Set(files.map(([known]) => known))
  expect([...kinds].filter((one) => beginsAs(bytes(letters), one))).toEqual([kind])
})

it('a file that ends within a signature is of no kind', () => {
  for (const letters of ['', '\x1f', 'Rar', '%PD', 'PK\x03', `${'a'.repeat(257)}ust`])
    expect(files.filter(([kind]) => beginsAs(bytes(letters), kind))).toEqual([])
})

it('what packs is told from archives whose files are reached one by one', () => {
  expect(packers).not.toContain('zip')
  expect(packers).not.toContain('tar')
})
