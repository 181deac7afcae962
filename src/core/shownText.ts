/**
 * @file Names as they are shown. What people name files, layers and classes may hold characters that break a line, turn
 * the text around them from right to left, or cannot be seen; a name in a sentence must not change the sentence.
 */

/** Control characters, separators of lines, marks of direction and what has no width. */
const unseen = String.raw`\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB`
const anyUnseen = new RegExp(`[${unseen}]`, 'gu')
/** An isolate, as `inSentence` makes it, with nothing in it that cannot be seen. */
const isolate = new RegExp(`(\u2068[^${unseen}]*\u2069)`, 'u')

const letters: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Writes such characters as a program does: `\n`, or by their numbers as `\u202E`. */
export function escapedUnseen(text: string): string {
  return text.replace(anyUnseen, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase()
    return letters[character] ?? `\\u${code.padStart(4, '0')}`
  })
}

/** Names that are longer are of no use to anybody. */
const longestName = 400

/** A name, without the middle if it is very long. */
export function shownText(text: string, longest = longestName): string {
  const end = Math.floor(longest / 4)
  return escapedUnseen(text.length > longest ? `${text.slice(0, longest - end)}…${text.slice(-end)}` : text)
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/**
 * A name or a clause within a sentence. Names in Hebrew or Arabic are isolated, as `<bdi>` does it on the page, or the numbers and
 * signs beside them would be read from right to left with them.
 */
export function inSentence(text: string, longest = longestName): string {
  const parts = text.split(isolate)
  // A clause has its names isolated.
  if (parts.length > 1) return parts.map((part, i) => (i % 2 === 1 ? part : escapedUnseen(part))).join('')
  const shown = shownText(text, longest)
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown
}
