/** @file How much may be typed. Files may hold more. */

/** The letters of a name, a family or a list. */
export const mostLetters = 120
/** The letters of a note. */
export const longestNote = 10_000
