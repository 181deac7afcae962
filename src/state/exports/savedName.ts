/** @file Names of files to save, which come from names of models, layers and people, and may be of any length. */

/**
 * In bytes of UTF-8. File systems take 255; browsers add an ending until all is written, and a number if there is such a file already.
 */
const most = 220

const encoder = new TextEncoder()

/** A name that every file system takes: without its middle if it is too long, so that its ending stays. */
export function savedName(name: string): string {
  const letters = Array.from(name, (letter) => ({ letter, bytes: bytesOf(letter) }))
  if (sumOf(letters) <= most) return name
  const end = fitting(letters.toReversed(), most / 4).toReversed()
  const start = fitting(letters, most - bytesOf('…') - sumOf(end))
  return [...start, { letter: '…' }, ...end].map(({ letter }) => letter).join('')
}

interface Letter {
  readonly letter: string
  readonly bytes: number
}

function bytesOf(letter: string): number {
  return encoder.encode(letter).length
}

function sumOf(letters: readonly Letter[]): number {
  return letters.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The first letters, as many as take no more than `room` bytes. */
function fitting(letters: readonly Letter[], room: number): Letter[] {
  let left = room
  const first = letters.findIndex(({ bytes }) => (left -= bytes) < 0)
  return letters.slice(0, first < 0 ? undefined : first)
}
