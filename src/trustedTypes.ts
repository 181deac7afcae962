/**
 * @file What the page's policy (`vite.config.ts`, `require-trusted-types-for`) asks for: the browser lets texts become
 * scripts or markup only through this. No text becomes markup, and only files of the app's own host become scripts: its
 * workers and its service worker.
 */

/** TypeScript's library lacks this type. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL(url: string): string }): unknown
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }

/** Must be called before anything else. Browsers without Trusted Types need nothing. */
export function trustOwnScripts(): void {
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      if (new URL(url, document.baseURI).origin !== location.origin)
        throw new TypeError(`${url} is no script of this page`)
      return url
    },
  })
}
