/**
 * Waits until the model or the images are open, or an error says why not.
 * @param {import('playwright').Page} page
 * @param {'model' | 'images'} what
 */
export async function untilOpen(page, what) {
  await page.waitForFunction((name) => {
    const state = window.urpatch?.state()
    return state && (state[name] !== null || state.notices.some(({ kind }) => kind === 'error'))
  }, what)
}
