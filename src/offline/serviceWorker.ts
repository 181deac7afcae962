/**
 * @file The service worker: keeps the whole app and its demo in the browser, so that it works without a network. Files
 * named by their content (`assets/`) come from the cache; all others (the page itself, the demo) come from the network
 * as long as there is one, so that nobody is shown an old build. A new version is loaded in full beside the old one and
 * takes its place when no page uses that any more: a page that is open keeps the files it was built with.
 */
import { type PrecacheEntry, Serwist } from 'serwist'

declare const self: ServiceWorkerGlobalScope & {
  /** Put in by the build: every file of `dist`, with its revision where its name does not tell. */
  readonly builtFiles: (PrecacheEntry | string)[]
}

/** Milliseconds after which a network that does not answer counts as none. */
const patience = 4000

const serwist = new Serwist({
  precacheEntries: self.builtFiles,
  precacheOptions: {
    // The page's own requests come first.
    concurrency: 2,
    plugins: [{ requestWillFetch: async ({ request }) => askWhetherChanged(request) }],
  },
  // The page that registers it for the first time may go on without a network at once.
  clientsClaim: true,
})

/** Serwist would load again what the page has just loaded (the demo: 8.7 MB); a server's "not modified" will do. */
function askWhetherChanged(request: Request): Request {
  return request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request
}

/** Without what follows the path, which says what to show; a folder is its page. */
function fileOf(request: Request): string {
  const { origin, pathname } = new URL(request.url)
  return origin + pathname + (pathname.endsWith('/') ? 'index.html' : '')
}

const kept = async (file: string): Promise<Response | undefined> => serwist.matchPrecache(file)

/** A failing or silent network is none; whatever else the server answers counts. */
async function newest(request: Request, file: string): Promise<Response> {
  const network = fetch(request)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, patience))
  const answer = await Promise.race([network, late]).catch(() => undefined)
  return answer ?? (await kept(file)) ?? network
}

self.addEventListener('install', serwist.handleInstall)
self.addEventListener('activate', serwist.handleActivate)
self.addEventListener('fetch', (event) => {
  const { request } = event
  const file = fileOf(request)
  // What is not the app's, such as a course's model and images, goes its usual way.
  if (request.method !== 'GET' || serwist.getPrecacheKeyForUrl(file) === undefined) return
  const named = file.startsWith(new URL('assets/', self.registration.scope).href)
  event.respondWith(named ? kept(file).then((found) => found ?? fetch(request)) : newest(request, file))
})
