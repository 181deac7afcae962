/** @file Reads the rows of an index file: TSV or CSV, with any separator. */
import Papa from 'papaparse'

/** The cells of each line that isn't empty. */
export async function readIndex(file: Blob): Promise<string[][]> {
  // All line ends are made equal, as papaparse guesses one kind for the whole file.
  const text = decoded(await file.arrayBuffer()).replace(/\r\n?/g, '\n')
  // Without a separator (a plain list of names) papaparse reports that it could not guess one; the rows are right.
  const { data } = Papa.parse<string[]>(text, {
    skipEmptyLines: 'greedy',
    delimitersToGuess: ['\t', ',', ';', '|'],
  })
  return data
}

/** Excel writes UTF-16 with a byte order mark, or the letters of Windows. The mark itself is dropped. */
function decoded(buffer: ArrayBuffer): string {
  const [first, second] = new Uint8Array(buffer, 0, Math.min(2, buffer.byteLength))
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(buffer)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(buffer)
  const unmarked = utf16Without(new Uint8Array(buffer, 0, Math.min(200, buffer.byteLength)))
  if (unmarked) return new TextDecoder(unmarked).decode(buffer)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer)
  } catch {
    return new TextDecoder('windows-1252').decode(buffer)
  }
}

/**
 * Recognizes UTF-16 without a mark: every path has some Latin letters, which have a NUL beside them. Is null for other
 * texts.
 */
function utf16Without(start: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const nuls = [0, 0]
  for (const [i, byte] of start.entries()) if (byte === 0) nuls[i % 2]!++
  const [even, odd] = nuls as [number, number]
  if (Math.max(even, odd) < start.length / 8 || (even > 0 && odd > 0)) return null
  return odd > 0 ? 'utf-16le' : 'utf-16be'
}
