/** @file What has only a picture: a button with an `aria-label`, which `Names` shows, and maybe a hint below it. */

/** Attributes of the button. */
export function named(hint = ''): { 'data-named': string } {
  return { 'data-named': hint }
}

export function namedAround(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-named]') : null
}
