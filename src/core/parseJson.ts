/** @file Parses JSON that somebody else wrote. What reads it goes through it by recursion, which needs an end. */

/** Models lie in models a few times; nothing that is read here is as deep as this. */
const deepest = 500

/** A mark of the encoding at the beginning is left out. Throws a plain Error whose message is a clause for the user. */
export function parseJson(text: string): unknown {
  const unmarked = text.replace(/^\uFEFF/, '')
  refuseDeep(unmarked)
  return JSON.parse(unmarked) as unknown
}

const [quote, backslash, openings, closings] = [0x22, 0x5c, [0x5b, 0x7b], [0x5d, 0x7d]]

function refuseDeep(text: string): void {
  let depth = 0
  let isInText = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === quote) isInText = !isInText
    else if (isInText) i += code === backslash ? 1 : 0
    else if (closings.includes(code)) depth--
    else if (openings.includes(code) && ++depth > deepest)
      throw new Error(`its lists lie more than ${deepest} deep in one another`)
  }
}
