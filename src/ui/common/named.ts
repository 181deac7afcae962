/**
 * @file Marks buttons whose name is not always visible: those with a picture and an `aria-label`, or with words that
 * narrow screens hide. `Names` shows the name and, if there is one, a hint below.
 */

/** The attributes of such a button. */
export function named(hint = ''): { 'data-named': string } {
  return { 'data-named': hint }
}

/** The marked button at or around an element. */
export function namedAround(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-named]') : null
}
