// Walk 1: a resident opens a place's link, takes a photo, says one line, sends;
// without an account they get a code and follow it.
import { expect, test } from '@playwright/test'
import { type Case, type CaseFull, Someone, phone, picture } from './county'

test.use({ viewport: phone, hasTouch: true, isMobile: true })

test('a resident reports without an account and follows the report', async ({ page, playwright }) => {
  const admin = await Someone.named(playwright, 'guanli')
  const desk = await Someone.named(playwright, 'diaodu')
  const { items } = await admin.get<{ items: { code: string; name: string; kind: string }[] }>('/api/places')
  const place = items.find((p) => p.kind === '农贸市场')!
  expect((await (await admin.calls.get(`/api/places/${place.code}/qr.svg`)).text())).toContain('<svg')

  await page.goto(`/q/${place.code}`)
  await expect(page.getByRole('heading', { name: place.name })).toBeVisible()
  const words = `市场门口脏水横流 ${Date.now()}`
  await page.locator('.snap input').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture(page, 41) })
  await expect(page.locator('.pics img')).toHaveCount(1)
  await page.getByPlaceholder('一句话说说是什么问题').fill(words)
  await page.getByRole('button', { name: '发送' }).click()
  await expect(page.getByText('已收到，谢谢您')).toBeVisible()
  const code = await page.locator('.code').innerText()
  expect(code).toMatch(/^[2-9A-Z]{8}$/)

  const found = (await desk.cases(`q=${encodeURIComponent(words)}`)).items
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ channel: 'resident', state: 'reported' } satisfies Partial<Case>)
  const full = await desk.get<CaseFull>(`/api/cases/${found[0].id}`)
  expect(full.photos).toHaveLength(1)

  await page.getByRole('link', { name: '查看进展' }).click()
  await expect(page.getByText('已收到，正在核实和派遣')).toBeVisible()
  await desk.send(`/api/cases/${found[0].id}/moves`, { move: 'assign', kind: 'market.sewage' })
  const owner = (await desk.get<CaseFull>(`/api/cases/${found[0].id}`)).owner!
  await page.getByRole('button', { name: '刷新' }).click()
  await expect(page.getByText('已派给责任单位')).toBeVisible()
  await expect(page.locator('main')).not.toContainText(owner.name) // units and days, never a person
  expect(await page.locator('main img').count()).toBe(0) // and nobody's photo

  await page.goto('/')
  await expect(page.getByText(words)).toBeVisible() // found again on this phone
  await page.goto('/q/WRONG9')
  await expect(page.getByRole('link', { name: '直接反映' })).toBeVisible()
})
