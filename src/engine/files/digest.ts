/**
 * @file Computes SHA-256 of large files piece by piece. (`crypto.subtle` needs the whole file, and is missing on plain
 * http.)
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

const pieceBytes = 4 << 20

export async function digestFile(file: Blob): Promise<string> {
  const hash = sha256.create()
  for (let at = 0; at < file.size; at += pieceBytes)
    hash.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()))
  return bytesToHex(hash.digest())
}

export function digestLines(lines: readonly string[]): string {
  const hash = sha256.create()
  for (const line of lines) hash.update(utf8ToBytes(`${line}\n`))
  return bytesToHex(hash.digest())
}
