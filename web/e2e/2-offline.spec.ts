// Walk 2: an inspector without a signal records five problems with photos,
// closes the browser, opens it again; the signal returns; all five arrive
// exactly once, photos complete, in order, with progress; an upload broken in
// the middle resumes where it stopped.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, expect, test } from '@playwright/test'
import { type CaseFull, Someone, base, phone, signIn } from './county'

test.setTimeout(180_000)

test('five problems recorded in aeroplane mode arrive exactly once, whole and in order', async ({ playwright, launchOptions }) => {
  const dir = mkdtempSync(join(tmpdir(), 'chuangwei-phone-'))
  const open = (): Promise<BrowserContext> => chromium.launchPersistentContext(dir, {
    ...launchOptions, viewport: phone, locale: 'zh-CN', hasTouch: true, isMobile: true, permissions: ['geolocation', 'camera'],
    geolocation: { latitude: 22.7782, longitude: 103.229 },
  })
  const mark = `离线${Date.now()}`
  let context = await open()
  await signIn(context, 'xuncha')
  let page = context.pages()[0] ?? (await context.newPage())
  await page.goto(`${base}/m/`)
  await expect(page.getByText('拍问题')).toBeVisible()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload() // the second visit
  await expect(page.getByText('拍问题')).toBeVisible()

  await context.setOffline(true)
  await page.goto(`${base}/m/`)
  await page.getByText('拍问题').click()
  for (let n = 1; n <= 5; n++) {
    for (let i = 0; i < 2; i++) {
      await page.getByRole('button', { name: '拍照', exact: true }).click()
      await expect(page.locator('.thumbs span')).toHaveCount(i + 1)
    }
    await page.getByPlaceholder('一句话说明（可不写）').fill(`${mark} 第${n}个`)
    await page.getByRole('button', { name: /发送/ }).click()
    await expect(page.getByText('已保存，有信号后自动发送')).toBeVisible()
    await expect(page.locator('.thumbs span')).toHaveCount(0)
  }
  await context.close() // the browser is closed with everything on the phone

  context = await open()
  page = context.pages()[0] ?? (await context.newPage())
  await context.setOffline(true)
  await page.goto(`${base}/m/outbox`)
  await expect(page.locator('.waits')).toHaveCount(5)
  await page.screenshot({ path: 'test-results/outbox-offline.png' })

  // The line breaks with the third photo, once.
  let begun = 0
  await context.route('**/api/uploads/', async (route) => {
    if (++begun === 3) return route.abort('connectionreset')
    await route.continue()
  })
  await context.setOffline(false)
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await expect(page.locator('.waits')).toHaveCount(0, { timeout: 90_000 })
  await expect(page.getByText('都发送完了')).toBeVisible()

  const inspector = await Someone.named(playwright, 'xuncha')
  const found = (await inspector.cases(`mine=finder&q=${encodeURIComponent(mark)}&limit=50`)).items.reverse()
  expect(found.map((c) => c.text)).toEqual([1, 2, 3, 4, 5].map((n) => `${mark} 第${n}个`))
  for (const c of found) {
    const full = await inspector.get<CaseFull>(`/api/cases/${c.id}`)
    expect(full.photos).toHaveLength(2)
    for (const p of full.photos) {
      const bytes = await (await inspector.calls.get(`/api/photos/${p.sum}?size=original`)).body()
      expect(bytes.length).toBeGreaterThan(1000)
    }
  }
  expect(begun).toBe(11) // ten photos, each with the request that begins it
  await context.close()
  rmSync(dir, { recursive: true, force: true })
})

test('an upload broken in the middle goes on where it stopped', async ({ browser, playwright }) => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN', permissions: ['geolocation', 'camera'], geolocation: { latitude: 22.7782, longitude: 103.229 }, serviceWorkers: 'block' })
  await signIn(context, 'xuncha')
  const page = await context.newPage()
  let made = 0
  let patches = 0
  const offsets: number[] = []
  await context.route(/\/api\/uploads\//, async (route) => {
    const r = route.request()
    if (r.method() === 'POST') made++
    if (r.method() === 'PATCH' && ++patches === 2) return route.abort('connectionreset')
    await route.continue()
  })
  page.on('response', (r) => {
    if (r.request().method() === 'HEAD' && r.url().includes('/api/uploads/')) offsets.push(Number(r.headers()['upload-offset']))
  })
  await page.goto(`${base}/m/capture`)
  const noise = await page.evaluate(async () => {
    const c = document.createElement('canvas')
    c.width = 1600
    c.height = 1200
    const g = c.getContext('2d')!
    const d = g.createImageData(1600, 1200)
    for (let i = 0; i < d.data.length; i += 65_536) crypto.getRandomValues(new Uint8Array(d.data.buffer, i, Math.min(65_536, d.data.length - i)))
    for (let i = 3; i < d.data.length; i += 4) d.data[i] = 255
    g.putImageData(d, 0, 0)
    return c.toDataURL('image/jpeg', 0.8).split(',')[1]
  })
  const mark = `断点续传${Date.now()}`
  await page.locator('.shutter .side input[type=file]').setInputFiles({ name: 'noise.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(noise, 'base64') })
  await expect(page.locator('.thumbs span')).toHaveCount(1)
  await page.getByPlaceholder('一句话说明（可不写）').fill(mark)
  await page.getByRole('button', { name: /发送/ }).click()
  const inspector = await Someone.named(playwright, 'xuncha')
  await expect.poll(async () => (await inspector.cases(`mine=finder&q=${encodeURIComponent(mark)}`)).total, { timeout: 60_000 }).toBe(1)
  expect(made).toBe(1) // one upload, never begun anew
  expect(patches).toBeGreaterThan(3)
  expect(offsets.at(-1)).toBe(2 * 256 * 1024) // went on behind the two pieces that had arrived
  await context.close()
})
