/**
 * @file Tables that say which symbol the next bits are, for the codes of RFC 1951. The first table is looked up with as
 * many bits as most codes have at most; longer codes lead to a second table behind it.
 *
 * An entry is one number of 32 bits:
 *
 *     0–5    the bits that it takes: the code, and the bits behind it that belong to a length or a distance
 *     8–11   the bits of the code alone; in an entry that leads to a second table, the bits with which that is looked up
 *     14     leads to a second table, which begins at the payload
 *     15     special: the end of the block (payload 1), or no code at all (payload 0)
 *     16–30  the payload: a literal, the least of lengths or distances, or a place
 *     31     a literal
 */

/** The places of the parts of an entry, and its flags. */
export const entries = { codeBits: 8, payload: 16, longer: 1 << 14, special: 1 << 15 } as const
const literalFlag = 1 << 31

/** The bits with which the first table is looked up. */
export const primaryBits = { symbols: 11, distances: 8 } as const

/** The longest code in bits. */
const longest = 15

/** The most entries of a table with its second ones: 288 and 30 codes, each in a table of its own at worst. */
export const tableSizes = {
  symbols: (1 << primaryBits.symbols) + 288 * (1 << (longest - primaryBits.symbols)),
  distances: (1 << primaryBits.distances) + 30 * (1 << (longest - primaryBits.distances)),
} as const

/** What a symbol stands for: the entry without its numbers of bits, and the bits behind its code. */
export interface Meaning {
  readonly entry: number
  readonly extra: number
}

const endOfBlock: Meaning = { entry: (1 << entries.payload) | entries.special, extra: 0 }
const nothing: Meaning = { entry: entries.special, extra: 0 }

/** Numbers that begin at `first`; each takes the extra bits in its row, so the next begins so much later. */
function ranges(first: number, extras: readonly number[]): Meaning[] {
  let base = first
  return extras.map((extra) => {
    const entry = base << entries.payload
    base += 1 << extra
    return { entry, extra }
  })
}

/** Bytes, the end of a block, and lengths from 3 on; two that do not exist. */
export const symbols: readonly Meaning[] = [
  ...Array.from({ length: 256 }, (_, byte) => ({
    entry: literalFlag | (byte << entries.payload),
    extra: 0,
  })),
  endOfBlock,
  ...ranges(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]),
  // The longest length has a code of its own.
  { entry: 258 << entries.payload, extra: 0 },
  nothing,
  nothing,
]

/** Distances from 1 on. */
export const distances: readonly Meaning[] = [
  ...ranges(
    1,
    Array.from({ length: 30 }, (_, code) => Math.max(0, (code >> 1) - 1)),
  ),
  nothing,
  nothing,
]

/** The symbols of the code in which the lengths of the others are written. */
export const lengthCodes: readonly Meaning[] = Array.from({ length: 19 }, (_, symbol) => ({
  entry: symbol << entries.payload,
  extra: 0,
}))

/**
 * Fills `table` for the code in which symbol i has `lengths[i]` bits, 0 if it does not occur. Returns whether this is a
 * code: no two symbols look alike, and all bits mean something; a single symbol of one bit may be all there is.
 */
export function fillTable(
  table: Uint32Array,
  lengths: Uint8Array,
  meanings: readonly Meaning[],
  primary: number,
): boolean {
  const counts = new Uint16Array(longest + 1)
  for (const bits of lengths) counts[bits]!++
  const used = lengths.length - counts[0]!
  /** Where the symbols of each length begin in `sorted`, and later end. */
  const places = new Uint16Array(longest + 1)
  let left = 1
  for (let bits = 1; bits <= longest; bits++) {
    places[bits] = places[bits - 1]! + (bits > 1 ? counts[bits - 1]! : 0)
    left = 2 * left - counts[bits]!
    if (left < 0) return false
  }
  if (left > 0 && !(used === 0 || (used === 1 && counts[1] === 1))) return false
  const sorted = new Uint16Array(used)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const bits = lengths[symbol]!
    if (bits > 0) sorted[places[bits]!++] = symbol
  }

  const size = 1 << primary
  table[0] = nothing.entry
  table[1] = nothing.entry
  /** The next code, its bits in the order in which they are read. */
  let code = 0
  let next = 0
  // Looked up with one bit more, what is there is there twice: for both values of that bit.
  for (let bits = 1; bits <= primary; bits++) {
    if (bits > 1) table.copyWithin(1 << (bits - 1), 0, 1 << (bits - 1))
    for (let i = 0; i < counts[bits]!; i++) {
      table[code] = entryOf(meanings[sorted[next++]!]!, bits)
      code = following(code, bits)
    }
  }
  let end = size
  for (let bits = primary + 1, first = -1; bits <= longest; bits++)
    for (let i = 0; i < counts[bits]!; i++) {
      const prefix = code & (size - 1)
      if (prefix !== first) {
        first = prefix
        // The rest of the codes that begin alike fill a table of so many bits.
        let more = bits - primary
        for (
          let room = (1 << more) - (counts[bits]! - i);
          room > 0;
          room = 2 * room - counts[primary + more]!
        )
          more++
        table[prefix] = (end << entries.payload) | entries.longer | (more << entries.codeBits) | primary
        end += 1 << more
      }
      const second = table[prefix]! >>> entries.payload
      const entry = entryOf(meanings[sorted[next++]!]!, bits - primary)
      for (let at = second + (code >> primary); at < end; at += 1 << (bits - primary)) table[at] = entry
      code = following(code, bits)
    }
  return true
}

/** The code behind this one of so many bits, both in the order in which they are read: 1 is added at the far end. */
function following(code: number, bits: number): number {
  let bit = 1 << (bits - 1)
  let turned = code
  while (turned & bit) {
    turned ^= bit
    bit >>= 1
  }
  return turned | bit
}

function entryOf({ entry, extra }: Meaning, bits: number): number {
  return entry | (bits << entries.codeBits) | (bits + extra)
}
