/** @file Text within HTML, also within an attribute in double quotes. Names come from files and from other people. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapedMarkup(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter]!)
}
