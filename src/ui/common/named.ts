/** @file What has only a picture: a button with an `aria-label`, or words that are not always shown. `Names` shows them, and maybe a hint below. */

/** Attributes of the button. */
export function named(hint = ''): { 'data-named': string } {
  return { 'data-named': hint }
}

export function namedAround(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-named]') : null
}
