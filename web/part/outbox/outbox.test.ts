import 'fake-indexeddb/auto'
import { IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Outbox, type Shot, pause, start } from './index'
import { FakeServer } from './server.fake'

let server: FakeServer
let box: Outbox
let now = 1_800_000_000_000
let n = 0

/** shotOf is a photo of 4,500 bytes, five pieces, of its own for each text. */
async function shotOf(text: string): Promise<Shot> {
  const bytes = new Uint8Array(4500).fill(text.charCodeAt(0)).buffer
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  return { sha256, bytes, type: 'image/jpeg', width: 1, height: 1, takenAt: 1, source: 'camera' }
}

beforeEach(async () => {
  vi.stubGlobal('location', { href: 'http://phone/' })
  server = await FakeServer.start()
  box = await start({ name: `box-${++n}`, fetch: server.fetch, now: () => now, random: () => 0.5, chunk: 1000 })
})
afterEach(async () => {
  box.close()
  await server.stop()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('steps on one case keep their order behind a step that waits', async () => {
  server.fault = (q) => (q.url === '/api/cases/1/moves' ? { status: 503, headers: { Chuangwei: '1', 'Retry-After': '60' } } : undefined)
  for (const move of ['accept', 'fix']) await box.put({ title: move, path: '/api/cases/1/moves', about: '1', body: { move } })
  await box.put({ title: 'other', path: '/api/cases', body: { text: 'other' } })
  await box.run()
  expect([...server.commands.values()].map((c) => c.path)).toEqual(['/api/cases'])
  expect(server.requests.filter((r) => r.includes('/moves'))).toHaveLength(1) // the second waits behind the first
  server.fault = () => undefined
  await box.run()
  expect(server.commands.size).toBe(1) // not before Retry-After
  now += 61_000
  await box.run()
  expect([...server.commands.values()].slice(1).map((c) => c.body.move)).toEqual(['accept', 'fix'])
})

test('a sign-in that has run out keeps everything and asks once', async () => {
  server.fault = (q) => (q.url === '/api/cases' ? { status: 401, headers: { Chuangwei: '1' }, body: '{}' } : undefined)
  for (const t of ['a', 'b', 'c']) await box.put({ title: t, path: '/api/cases', body: { text: t } })
  await box.put({ title: 'p', path: '/api/public/reports', body: { text: 'p' }, public: true })
  await box.run()
  expect((await box.list()).map((i) => i.state)).toEqual(['needs_sign_in', 'needs_sign_in', 'needs_sign_in'])
  const asked = server.requests.length
  now += 400_000
  await box.run()
  expect(server.requests).toHaveLength(asked) // not again by itself
  server.fault = () => undefined
  box.flush()
  await vi.waitFor(async () => expect(await box.list()).toEqual([]))
  expect([...server.commands.values()].map((c) => c.body.text)).toEqual(['p', 'a', 'b', 'c'])
})

test('what one person made is not sent as another', async () => {
  server.fault = () => ({ status: 503, headers: { Chuangwei: '1' } })
  await box.as('wang')
  await box.put({ title: 'wang', path: '/api/cases', body: { text: 'wang' } })
  await box.run()
  server.fault = () => undefined
  await box.as('li')
  await box.put({ title: 'li', path: '/api/cases', body: { text: 'li' } })
  now += 400_000
  await box.run()
  expect([...server.commands.values()].map((c) => c.body.text)).toEqual(['li'])
  expect(await box.list()).toMatchObject([{ title: 'wang', state: 'needs_sign_in' }])
  await box.as('wang')
  await vi.waitFor(async () => expect(await box.list()).toEqual([]))
})

test('a request that breaks once is taken up on the spot, and nothing passes', async () => {
  let patches = 0
  server.fault = (q) => (q.method === 'PATCH' && [3, 6, 7].includes(++patches) ? 'cut' : undefined)
  for (const text of ['a', 'b', 'c']) await box.put({ title: text, path: '/api/cases', body: { text }, shots: [await shotOf(text)] })
  await box.run() // one round: no pause has to pass
  expect([...server.commands.values()].map((c) => c.body.text)).toEqual(['a', 'b', 'c'])
  expect(server.requests.filter((r) => r === 'POST /api/uploads/')).toHaveLength(3) // resumed, not begun anew
})

test('an item that a firewall stops holds up nothing and at last asks for a person', async () => {
  const wall = { status: 403, headers: { 'Content-Type': 'text/html' }, body: '<h1>blocked</h1>' }
  box.close()
  const stopped: typeof fetch = (to, init) =>
    String(init?.body).includes('select') ? Promise.resolve(new Response(wall.body, { status: wall.status })) : server.fetch(to, init)
  box = await start({ name: `wall-${n}`, fetch: stopped, now: () => now, random: () => 0.5 })
  for (const text of ['please select a bin', 'b', 'c']) await box.put({ title: text, path: '/api/cases', body: { text } })
  await box.run()
  expect([...server.commands.values()].map((c) => c.body.text)).toEqual(['b', 'c'])
  for (let i = 0; i < 12; i++) {
    now += 300_000
    await box.run()
  }
  expect(await box.list()).toMatchObject([{ state: 'needs_you', problem: { code: 'line.stopped' } }])
})

test('when the server asks to slow down, nothing more is asked of it, not even by opening the app', async () => {
  server.fault = (q) => (q.method === 'POST' ? { status: 429, headers: { Chuangwei: '1', 'Retry-After': '30' } } : undefined)
  for (const text of ['a', 'b', 'c']) await box.put({ title: text, path: '/api/cases', body: { text } })
  await box.run()
  box.flush()
  await box.run()
  expect(server.requests).toEqual(['POST /api/cases'])
  server.fault = () => undefined
  now += 31_000
  await box.run()
  expect([...server.commands.values()].map((c) => c.body.text)).toEqual(['a', 'b', 'c'])
})

test('a small photo takes one request, and nothing is asked', async () => {
  const shot = await shotOf('a')
  box.close()
  box = await start({ name: `small-${n}`, fetch: server.fetch, now: () => now, random: () => 0.5 })
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [shot] })
  await box.run()
  expect(server.requests).toEqual(['POST /api/uploads/', 'POST /api/cases'])
  expect(server.photos.get(shot.sha256)?.equals(Buffer.from(shot.bytes))).toBe(true)
  expect(await box.list()).toEqual([])
})

test('a photo taken in aeroplane mode goes with its first request later', async () => {
  const air = { onLine: false }
  vi.stubGlobal('navigator', air)
  box.close()
  const net: typeof fetch = (...a) => (air.onLine ? server.fetch(...a) : Promise.reject(new TypeError('Failed to fetch')))
  box = await start({ name: `air-${n}`, fetch: net, now: () => now, random: () => 0.5 })
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [await shotOf('a')] })
  await box.run()
  air.onLine = true
  box.flush()
  await box.run()
  expect(server.requests).toEqual(['POST /api/uploads/', 'POST /api/cases'])
})

test('a first request cut in the middle of the photo goes on there', async () => {
  const shot = await shotOf('a')
  box.close()
  box = await start({ name: `cut-${n}`, fetch: server.fetch, now: () => now, random: () => 0.5 })
  let cuts = 1
  const offsets: string[] = []
  server.fault = (q) => {
    if (q.method === 'PATCH') offsets.push(String(q.headers['upload-offset']))
    return q.url === '/api/uploads/' && cuts-- > 0 ? 'cut' : undefined
  }
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [shot] })
  await box.run()
  expect(offsets).toEqual(['2250'])
  expect(server.photos.get(shot.sha256)?.equals(Buffer.from(shot.bytes))).toBe(true)
  expect(server.commands.size).toBe(1)
})

test('a photo whose answer was lost is not sent again', async () => {
  const shot = await shotOf('a')
  box.close()
  let lost = true
  const answered: typeof fetch = async (to, init) => {
    const r = await server.fetch(to, init)
    if (lost && String(to) === '/api/uploads/') {
      lost = false
      throw new TypeError('the answer was lost')
    }
    return r
  }
  box = await start({ name: `lost-${n}`, fetch: answered, now: () => now, random: () => 0.5 })
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [shot] })
  await box.run()
  expect(server.requests.filter((r) => r.includes('/uploads/'))).toHaveLength(1)
  expect(server.commands.size).toBe(1)
})

test('a photo damaged on its way is sent again', async () => {
  const shot = await shotOf('a')
  box.close()
  box = await start({ name: `damaged-${n}`, fetch: server.fetch, now: () => now, random: () => 0.5 })
  let damaged = 1
  server.fault = (q) => (q.url === '/api/uploads/' && damaged-- > 0 ? { status: 460, headers: { Chuangwei: '1' } } : undefined)
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [shot] })
  await box.run()
  expect(server.photos.has(shot.sha256)).toBe(true)
  expect(server.commands.size).toBe(1)
})

test('an upload goes on where the server is, not where the phone thought', async () => {
  let patches = 0
  server.fault = (q) => {
    if (q.method !== 'PATCH' || ++patches !== 2) return undefined
    const u = server.uploads.get(q.url!)!
    u.bytes = Buffer.concat([u.bytes, Buffer.alloc(500, 'a')]) // a lost request had brought half a piece after all
    return undefined
  }
  const shot = await shotOf('a')
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [shot] })
  await box.run()
  expect(server.photos.has(shot.sha256)).toBe(true)
  expect(server.requests.filter((r) => r === 'POST /api/uploads/')).toHaveLength(1)
})

test('a failure of the phone\'s storage does not leave sending dead', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const broken = vi.spyOn(IDBObjectStore.prototype, 'getKey').mockImplementation(() => {
    throw new DOMException('broken', 'DataError')
  })
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' } })
  await box.run()
  expect(server.commands.size).toBe(0)
  broken.mockRestore()
  now += 400_000
  await box.run()
  expect(server.commands.size).toBe(1)
})

test('pauses grow, stay within five minutes, and differ between phones', () => {
  expect(pause(0, 0)).toBe(1500)
  expect(pause(0, 1)).toBe(2500)
  expect(pause(3, 0.5)).toBe(16_000)
  expect(pause(50, 1)).toBe(300_000)
})

test('a discarded item is given up with its bytes, and a retried one goes at once', async () => {
  server.refuse = (b) => (b.text === 'bad' ? { status: 422, code: 'input.invalid' } : undefined)
  const id = await box.put({ title: 'bad', path: '/api/cases', body: { text: 'bad' } })
  await box.run()
  expect((await box.list())[0].state).toBe('needs_you')
  server.refuse = () => undefined
  await box.retry(id)
  await vi.waitFor(async () => expect(await box.list()).toEqual([]))
  const other = await box.put({ title: 'x', path: '/api/cases', body: { text: 'x' } })
  await box.discard(other)
  expect(await box.list()).toEqual([])
})

test('watchers are told of bytes as they go', async () => {
  const bytes = new ArrayBuffer(4500)
  const sum = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  const seen: number[] = []
  box.watch((s) => void (s.total && seen.push(s.sent)))
  await box.put({ title: 'a', path: '/api/cases', body: { text: 'a' }, shots: [{ sha256: sum, bytes, type: 'image/jpeg', width: 1, height: 1, takenAt: 1, source: 'camera' }] })
  await box.run()
  await vi.waitFor(async () => expect(await box.list()).toEqual([]))
  expect(new Set(seen)).toEqual(new Set([0, 1000, 2000, 3000, 4000, 4500]))
})
