/**
 * @file The service worker: keeps the whole app and its demo in the browser, so that it works without a network. Files
 * named by their content (`assets/`) come from the cache. All others (the page itself, the demo) come from the network if
 * there is one, so that the user never gets an old build. A new version is loaded in full beside the old one and replaces
 * it once no page uses the old one any more: an open page keeps the files that it was built with.
 */
import { type PrecacheEntry, Serwist } from 'serwist'

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in by the build: every file of `dist`, with a revision unless its name already changes with its content. */
  readonly builtFiles: (PrecacheEntry | string)[]
}

/** The time after which a network that does not answer counts as none. */
const timeoutMs = 4000

const serwist = new Serwist({
  precacheEntries: self.builtFiles,
  precacheOptions: {
    // Few at once, so that the page's own requests are not slowed down.
    concurrency: 2,
    plugins: [{ requestWillFetch: async ({ request }) => askWhetherChanged(request) }],
  },
  // The page that registers it for the first time then works without a network at once.
  clientsClaim: true,
})

/**
 * Serwist bypasses the browser's cache and would load again what the page has just loaded (the demo: 8.7 MB). This asks
 * the server instead whether the file has changed.
 */
function askWhetherChanged(request: Request): Request {
  return request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request
}

/** The file that a request is for: without query and hash, which only say what to show; for a folder its index.html. */
function fileOf(request: Request): string {
  const { origin, pathname } = new URL(request.url)
  return origin + pathname + (pathname.endsWith('/') ? 'index.html' : '')
}

const cached = async (file: string): Promise<Response | undefined> => serwist.matchPrecache(file)

/** Takes any answer of the network. If the network fails or does not answer in time, takes the cached file. */
async function newest(request: Request, file: string): Promise<Response> {
  const network = fetch(request)
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, timeoutMs))
  const answer = await Promise.race([network, late]).catch(() => undefined)
  return answer ?? (await cached(file)) ?? network
}

self.addEventListener('install', serwist.handleInstall)
self.addEventListener('activate', serwist.handleActivate)
self.addEventListener('fetch', (event) => {
  const { request } = event
  const file = fileOf(request)
  // Requests for files that are not the app's, such as a course's model and images, go their usual way.
  if (request.method !== 'GET' || serwist.getPrecacheKeyForUrl(file) === undefined) return
  const isNamedByContent = file.startsWith(new URL('assets/', self.registration.scope).href)
  event.respondWith(
    isNamedByContent ? cached(file).then((found) => found ?? fetch(request)) : newest(request, file),
  )
})
