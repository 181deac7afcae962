/** @file The rows of an index file: TSV or CSV, whatever the separator. */
import Papa from 'papaparse'

/** Cells of each line that isn't empty. */
export async function readIndex(file: Blob): Promise<string[][]> {
  // One kind of line end: papaparse guesses one for the whole file.
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
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer)
  } catch {
    return new TextDecoder('windows-1252').decode(buffer)
  }
}
