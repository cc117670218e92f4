// Walk 7: what happens by itself. The same county is shown ten days later (two
// working days after a due day, whatever the day of the week and the hour) by
// a second program on a copy of its data.
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type Case, type Kind, Someone, base, desk, signIn } from './county'
import { data, port } from '../playwright.config'

test.use({ viewport: desk })
const later = `http://127.0.0.1:${port + 1}`
let program: ChildProcess
let dir: string

test.beforeAll(async ({ playwright }) => {
  const inspector = await Someone.named(playwright, 'xuncha', base)
  await inspector.send<Case>('/api/cases', { text: '会超期的垃圾', kind: 'env.exposed-waste', photos: [], lat: 22.7782, lon: 103.229 })
  dir = mkdtempSync(join(tmpdir(), 'chuangwei-later-'))
  cpSync(data, dir, { recursive: true })
  program = spawn('../.tools/chuangwei', ['demo', '-d', dir, '-a', `127.0.0.1:${port + 1}`, '--ahead', '240h'], { stdio: 'ignore' })
  await expect.poll(async () => fetch(`${later}/healthz`).then((r) => r.ok, () => false), { timeout: 60_000 }).toBeTruthy()
})
test.afterAll(() => {
  program.kill()
  rmSync(dir, { recursive: true, force: true })
})

test('late cases climb the ladder, closed ones are drawn, what comes back reopens', async ({ context, page, playwright }) => {
  const inspector = await Someone.named(playwright, 'xuncha', later)
  const late = () => inspector.cases(`q=${encodeURIComponent('会超期的垃圾')}&limit=1`)
  await expect.poll(async () => (await late()).items[0]?.ladder, { timeout: 60_000 }).toBeGreaterThanOrEqual(3)
  const c = (await late()).items[0]
  const orders = await inspector.get<{ items: { level: number; to: string; body: string }[] }>(`/api/cases/${c.id}/orders`)
  expect(orders.items.at(-1)!.body).toContain(c.no)

  await signIn(context, 'zhihui', later)
  await page.goto(`${later}/desk/cases/${c.id}`)
  await expect(page.locator('body')).toContainText('督办')

  await expect.poll(async () => (await inspector.cases('flag=recheck&limit=1')).total, { timeout: 60_000 }).toBeGreaterThan(0)

  const kinds = (await inspector.get<{ items: Kind[] }>('/api/kinds')).items
  const comesBackUntil = (x: Case) => (x.closed_at ?? 0) + kinds.find((k) => k.id === x.kind)!.relapse_days * 86_400_000
  const closed = (await inspector.cases('state=closed&limit=200')).items.find((x) => x.place_code && x.kind && comesBackUntil(x) > Date.now() + 11 * 86_400_000)!
  const again = await inspector.send<Case>('/api/cases', { text: '又出现了', kind: closed.kind, place: closed.place_code, photos: [] })
  expect(again.state).toBe('merged')
  const old = (await inspector.get<{ case: Case }>(`/api/cases/${again.merged_into}`)).case
  expect(old.relapses).toBeGreaterThan(0)
  expect(old.flags).toContain('relapsed')
})
