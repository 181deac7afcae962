/** @file Random numbers that are the same for the same seed on every machine, and orders made by them. */

/** Tommy Ettinger's mulberry32 (public domain). The numbers are 0 ≤ x < 1. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Puts a list in a random order (Fisher and Yates), in its place. */
export function shuffle(list: Uint32Array | Int32Array, random: () => number): void {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[list[last], list[other]] = [list[other]!, list[last]!]
  }
}
