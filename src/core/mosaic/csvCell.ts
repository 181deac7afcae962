/** @file A cell of a table as text, as RFC 4180 has comma-separated values. */

/** What spreadsheets take for the beginning of a formula. */
const formula = /^[=+\-@\t\r]/

/**
 * Quoted if it has to be. Names come from files and from other people, and a spreadsheet computes what begins as a formula does,
 * which may fetch addresses: an apostrophe in front makes a text of it.
 *
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function textCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Nine significant digits tell any two float32 apart; what is not known is empty. */
export function numberCell(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '' : String(Number(value.toPrecision(9)))
}
