import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Outbox, pause, start } from './index'
import { FakeServer } from './server.fake'

let server: FakeServer
let box: Outbox
let now = 1_800_000_000_000
let n = 0

beforeEach(async () => {
  vi.stubGlobal('location', { href: 'http://phone/' })
  server = await FakeServer.start()
  box = await start({ name: `box-${++n}`, fetch: server.fetch, now: () => now, random: () => 0.5, chunk: 1000 })
})
afterEach(async () => {
  box.close()
  await server.stop()
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
  server.fault = () => ({ status: 401, headers: { Chuangwei: '1' }, body: '{}' })
  for (const t of ['a', 'b', 'c']) await box.put({ title: t, path: '/api/cases', body: { text: t } })
  await box.run()
  const states = (await box.list()).map((i) => i.state)
  expect(states).toContain('needs_sign_in')
  expect(states).toHaveLength(3)
  server.fault = () => undefined
  box.flush()
  await vi.waitFor(async () => expect(await box.list()).toEqual([]))
  expect([...server.commands.values()].map((c) => c.body.text)).toEqual(['a', 'b', 'c'])
})

test('pauses grow, stay below five minutes and a half, and differ between phones', () => {
  expect(pause(0, 0)).toBe(1500)
  expect(pause(0, 1)).toBe(2500)
  expect(pause(3, 0.5)).toBe(16_000)
  expect(pause(50, 1)).toBe(375_000)
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
