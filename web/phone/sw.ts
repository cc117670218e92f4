// The service worker: keeps the phone's own files so that it opens without a
// signal. It never touches /api; what was read is kept by cache.ts, what is to
// be sent by the outbox.

declare const FILES: string[] // written in by phone-sw.mjs
declare const ENTRY: string
declare const VERSION: string

const sw = self as unknown as ServiceWorkerGlobalScope
const NAME = 'chuangwei-phone-'
const files = FILES
const SHELL = '/m/'
const patience = 3000

/** A hotel's login page answers every address with 200; it must never become the app. */
async function ours(address: string, res: Response): Promise<boolean> {
  if (!res.ok || res.redirected) return false
  const type = res.headers.get('Content-Type') ?? ''
  if (address === SHELL) return type.includes('html') && (await res.clone().text()).includes(ENTRY)
  return !type.includes('html')
}

async function fill(): Promise<void> {
  const cache = await caches.open(NAME + VERSION)
  await Promise.all(files.map(async (address) => {
    const kept = address.startsWith('/assets/') ? await caches.match(address) : undefined // named by content: no need to load it twice
    const res = kept ?? (await fetch(address, { cache: address.startsWith('/assets/') ? 'default' : 'reload' }))
    if (!(await ours(address, res))) throw new Error(`not ours: ${address}`)
    await cache.put(address, res)
  }))
}

sw.addEventListener('install', (e) => {
  e.waitUntil(fill().then(() => sw.skipWaiting()))
})

sw.addEventListener('activate', (e) => {
  e.waitUntil((async () => {
    const old = (await caches.keys()).filter((n) => n.startsWith(NAME) && n !== NAME + VERSION)
    // The last version stays: a page that is open may still ask for its parts.
    await Promise.all(old.slice(0, -1).map((n) => caches.delete(n)))
    await sw.clients.claim()
  })())
})

sw.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== sw.location.origin || url.pathname.startsWith('/api')) return
  if (e.request.mode === 'navigate' && url.pathname.startsWith(SHELL)) {
    e.respondWith(page(e.request))
  } else if (files.includes(url.pathname) || url.pathname.startsWith('/assets/')) {
    e.respondWith(first(url.pathname, e.request))
  }
})

/** page asks the server, so that a new version shows at once, but not for long. */
async function page(request: Request): Promise<Response> {
  const kept = (await (await caches.open(NAME + VERSION)).match(SHELL)) ?? (await caches.match(SHELL))
  if (!kept) return fetch(request)
  const fresh = fetch(request).then(async (res) => ((await newer(res)) ? res : kept))
  return Promise.race([fresh.catch(() => kept), new Promise<Response>((ok) => setTimeout(() => ok(kept), patience))])
}

/** newer tells our own page, of this version or another, from whatever a login page says. */
async function newer(res: Response): Promise<boolean> {
  return res.ok && !res.redirected && (await res.clone().text()).includes(ENTRY.split('-')[0] + '-')
}

async function first(address: string, request: Request): Promise<Response> {
  const now = await caches.open(NAME + VERSION)
  return (await now.match(address)) ?? (await caches.match(address)) ?? fetch(request)
}

export {}
