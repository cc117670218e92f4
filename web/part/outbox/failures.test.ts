// The failures users of other field apps met (shared/peers.md §2.3), one test
// each by name, against real HTTP and a real IndexedDB implementation.
import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Outbox, type Options, NotKept, type Shot, start } from './index'
import { FakeServer } from './server.fake'

let server: FakeServer
let boxes: Outbox[] = []
let name = 0
let now = 1_800_000_000_000

beforeEach(async () => {
  vi.stubGlobal('location', { href: 'http://phone/' })
  server = await FakeServer.start()
  name++
})
afterEach(async () => {
  for (const b of boxes) b.close()
  boxes = []
  await server.stop()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** phone opens the app; opening again with the same name is a restart on the same phone. */
async function phone(o: Options = {}): Promise<Outbox> {
  const box = await start({ name: `phone-${name}`, fetch: server.fetch, now: () => now, random: () => 0.5, chunk: 1000, ...o })
  boxes.push(box)
  return box
}

let shots = 0
function shot(size = 3500, source: Shot['source'] = 'camera'): Shot {
  const bytes = Buffer.alloc(size, ++shots)
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + size), type: 'image/jpeg', width: 4, height: 3, takenAt: now, source }
}
const report = (text: string, ...photos: Shot[]) => ({ title: text, path: '/api/cases', body: { text, photos: [] as string[] }, shots: photos })

/** later lets the pauses between tries pass. */
async function later(box: Outbox, rounds = 12): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    now += 400_000
    await box.run()
  }
}
const bodies = () => [...server.commands.values()].map((c) => c.body)

test('photo record arrives, bytes do not', async () => {
  const box = await phone()
  const photo = shot()
  let losses = 1
  server.refuse = () => {
    if (losses-- > 0) server.photos.delete(photo.sha256) // confirmed a moment ago, gone when the command comes
    return undefined
  }
  await box.put(report('a', photo))
  await later(box)
  expect(server.photos.get(photo.sha256)?.equals(Buffer.from(photo.bytes))).toBe(true)
  expect(server.requests.filter((r) => r === 'POST /api/uploads/')).toHaveLength(2) // the phone still had them
  expect(bodies().map((b) => b.text)).toEqual(['a'])
})

test('phone deletes after "success"', async () => {
  const box = await phone()
  const photo = shot()
  let lying = true
  server.fault = (q) => (lying && q.method === 'PATCH' ? { status: 204, headers: { Chuangwei: '1', 'Upload-Offset': '3500' } } : undefined)
  await box.put(report('a', photo))
  await later(box, 3)
  expect((await box.list())[0].photos[0].confirmed).toBe(false) // told "done", but HEAD says the bytes are not there
  lying = false
  await later(box)
  expect(await box.list()).toEqual([])
  expect(server.photos.has(photo.sha256)).toBe(true)
})

test('switch Wi-Fi → 4G in mid-upload', async () => {
  const box = await phone({ patience: 1500 })
  const photo = shot(10_000)
  const faults = ['cut', 'hang', 'cut'] as const // after a change of network a connection may also just fall silent
  let n = 0
  server.fault = (q) => (q.method === 'PATCH' ? faults[n++] : undefined)
  await box.put(report('a', photo))
  await later(box)
  expect(n).toBeGreaterThan(faults.length)
  expect(server.photos.get(photo.sha256)?.length).toBe(10_000)
  expect(server.requests.filter((r) => r === 'POST /api/uploads/')).toHaveLength(1) // resumed, not begun anew
})

test('photo picked from gallery instead of camera', async () => {
  const box = await phone()
  const gallery = { ...shot(3500, 'gallery'), takenAt: now - 86_400_000, lat: 22.77, lon: 103.23 }
  const camera = { ...shot(2500, 'camera'), accuracy: 12, lat: 22.78, lon: 103.24 }
  await box.put(report('a', gallery, camera))
  await box.run()
  expect(server.photos.size).toBe(2)
  expect(bodies()[0].photos).toEqual([gallery.sha256, camera.sha256])
  expect(server.said.get(gallery.sha256)).toMatchObject({ source: 'gallery', taken_at: String(now - 86_400_000), lat: '22.77' })
  expect(server.said.get(camera.sha256)).toMatchObject({ source: 'camera', accuracy: '12' })
})

test('two people edit one item', async () => {
  const mine = await phone()
  const theirs = await phone({ name: 'another phone' })
  let fixed = false
  server.refuse = (b) => (b.move === 'fix' && fixed ? { status: 409, code: 'case.moved_on' } : void (fixed ||= b.move === 'fix'))
  const move = (note: string) => ({ title: note, path: '/api/cases/1/moves', about: '1', body: { move: 'fix', note } })
  await theirs.put(move('theirs'))
  await theirs.run()
  await mine.put(move('mine'))
  await mine.put(report('another problem'))
  await later(mine, 2)
  const [parked] = await mine.list()
  expect(parked).toMatchObject({ title: 'mine', state: 'needs_you', problem: { code: 'case.moved_on' } })
  expect(bodies().map((b) => b.text ?? b.note)).toEqual(['theirs', 'another problem']) // nothing overwritten, nothing held up
})

test('server copy cleared by a half download', async () => {
  const box = await phone()
  const photo = shot()
  let patches = 0
  server.fault = (q) => ((q.method === 'PATCH' && ++patches > 2) || patches > 2 ? 'cut' : undefined) // the line is gone from the third piece on
  await box.put(report('a', photo))
  await box.run()
  expect((await box.list())[0].sent).toBe(3000)
  server.fault = () => undefined
  server.uploads.clear() // whatever the server had half way is gone
  await later(box)
  expect(server.requests.filter((r) => r === 'POST /api/uploads/')).toHaveLength(2)
  expect(bodies()).toHaveLength(1)
  expect(server.photos.has(photo.sha256)).toBe(true)
})

test('app restarted while offline, sync dead afterwards', async () => {
  let online = false
  const net: typeof fetch = (...a) => (online ? server.fetch(...a) : Promise.reject(new TypeError('Failed to fetch')))
  const before = await phone({ fetch: net })
  for (const t of ['a', 'b', 'c', 'd', 'e']) await before.put(report(t, shot()))
  await before.run()
  before.close()
  const after = await phone({ fetch: net }) // restarted, still offline
  await after.run()
  expect(await after.list()).toHaveLength(5)
  online = true
  await later(after)
  expect(bodies().map((b) => b.text)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(server.photos.size).toBe(5)
})

test('iOS storage error on draft save', async () => {
  const box = await phone()
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  const draft = { id: 'd', form: 'report', body: { text: 'half a line' }, shots: [], savedAt: now }
  await expect(box.saveDraft(draft)).rejects.toMatchObject({ name: 'NotKept', full: true })
  await expect(box.put(report('a', shot()))).rejects.toBeInstanceOf(NotKept)
  full.mockRestore()
  expect(await box.list()).toEqual([]) // nothing half kept
  await box.saveDraft(draft)
  await box.put(report('a', shot()))
  await box.run()
  expect((await box.drafts())[0].body.text).toBe('half a line')
  expect(bodies()).toHaveLength(1)
})

test('user clears browser data', async () => {
  const persist = vi.fn(async () => true)
  vi.stubGlobal('navigator', { onLine: true, storage: { persist } })
  const box = await phone()
  await box.put(report('a', shot()))
  await box.run()
  expect(persist).toHaveBeenCalled() // the browser is asked not to clear us by itself
  const open = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  await box.put(report('b', shot())) // cleared under the open app: it takes up a fresh storage and goes on
  expect(open.mock.results[0].type).toBe('throw')
  await box.run()
  const fresh = await phone({ name: `phone-${name}-cleared` })
  expect(await fresh.list()).toEqual([])
  await fresh.put(report('c'))
  await fresh.run()
  expect(bodies().map((b) => b.text)).toEqual(['a', 'b', 'c'])
})

test('1,000 queued items and a fatal server answer', async () => {
  let online = false
  const net: typeof fetch = (...a) => (online ? server.fetch(...a) : Promise.reject(new TypeError('Failed to fetch')))
  const box = await phone({ fetch: net })
  server.refuse = (b) => (b.text === '17' ? { status: 422, code: 'input.invalid' } : undefined)
  for (let i = 0; i < 1000; i++) await box.put(report(String(i)))
  online = true
  await later(box, 3)
  const left = await box.list()
  expect(left.map((i) => [i.title, i.state])).toEqual([['17', 'needs_you']])
  expect(server.commands.size).toBe(999)
  expect(bodies().map((b) => Number(b.text))).toEqual([...Array(1000).keys()].filter((i) => i !== 17)) // in order
}, 60_000)

test('a proxy answers 200 with a log-in page', async () => {
  const box = await phone()
  const portal = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<form>hotel Wi-Fi</form>' }
  server.fault = () => portal
  await box.put(report('a', shot()))
  await later(box, 3)
  expect(await box.list()).toHaveLength(1)
  server.fault = (q) => (q.method === 'POST' && q.url === '/api/cases' ? portal : undefined)
  await later(box, 3)
  expect(await box.list()).toHaveLength(1)
  expect(server.commands.size).toBe(0)
  server.fault = () => undefined
  await later(box)
  expect(await box.list()).toEqual([])
  expect(server.commands.size).toBe(1)
})

test('clock of the phone wrong', async () => {
  const right = now
  now = right + 40 * 86_400_000 // the phone believes it is weeks later
  const box = await phone()
  server.fault = (q) => (q.method === 'POST' ? { status: 503, headers: { Chuangwei: '1' } } : undefined)
  await box.put(report('a'))
  await box.run()
  expect(server.commands.size).toBe(0)
  server.fault = () => undefined
  now = right + 1000 // put right while it waits: it must not wait for weeks
  await box.run()
  const [sent] = server.commands.values()
  expect(sent.clock).toBe(now)
  expect(sent.body.made_at).toBe(right + 40 * 86_400_000) // with both the server sees what is wrong
  await box.put(report('b'))
  expect((await box.list()).map((i) => i.title)).toEqual(['b'])
})

test('same item sent twice', async () => {
  const box = await phone()
  let lost = true
  server.fault = () => undefined
  const answered: typeof fetch = async (to, init) => {
    const r = await server.fetch(to, init)
    if (lost && init?.method === 'POST' && String(to) === '/api/cases') {
      lost = false
      throw new TypeError('the answer was lost') // the server has carried it out, the phone does not know
    }
    return r
  }
  const other = await phone({ name: `twice-${name}`, fetch: answered })
  await other.put(report('a', shot()))
  await other.run()
  expect(lost).toBe(false)
  expect(await other.list()).toEqual([])
  expect(server.requests.filter((r) => r === 'POST /api/cases')).toHaveLength(2)
  expect(server.commands.size).toBe(1)
  expect((await other.receipts())[0].answer).toMatchObject({ no: 'no-1' }) // the first answer
  expect(await box.list()).toEqual([])
})
