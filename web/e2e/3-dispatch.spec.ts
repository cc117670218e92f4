// Walk 3: the dispatch desk sees reports come in without reloading, each with
// its reasons; decides the unclear ones; merges likely duplicates with one tap.
import { expect, test } from '@playwright/test'
import { type Case, Someone, desk, signIn } from './county'

test.use({ viewport: desk })

test('the desk sees, decides and merges without reloading', async ({ context, page, playwright }) => {
  await signIn(context, 'diaodu')
  const inspector = await Someone.named(playwright, 'xuncha')
  const resident = await Someone.named(playwright, 'p0300')
  await page.goto('/desk/dispatch')
  const triage = page.getByRole('tab', { name: /待派遣/ }).or(page.locator('.tabs button, .tabs a').filter({ hasText: '待派遣' })).first()
  await expect(triage).toBeVisible()
  const mark = `e2e-${Date.now()}`
  await page.evaluate(() => ((window as unknown as { here: boolean }).here = true)) // gone if the page reloads

  const unclear = await resident.send<Case>('/api/cases', { text: `${mark} 不知道归谁管的一堆东西`, photos: [], lat: 22.779, lon: 103.231 })
  expect(unclear.state).toBe('reported')
  const row = page.locator('.q-item').filter({ hasText: mark }).or(page.locator('.q-item').filter({ hasText: '类型待定' })).first()
  await expect(row).toBeVisible()
  await page.goto(`/desk/dispatch?case=${unclear.id}`)
  await expect(page.locator('.dc')).toContainText(mark)
  await expect(page.locator('.dc')).toContainText('类型不明')
  await page.locator('.dc .bar2').getByRole('button', { name: /派遣/ }).first().click()
  await page.locator('.assign .el-select').first().click()
  await page.getByRole('option', { name: /暴露垃圾/ }).first().click()
  await page.locator('.bar2 .form').getByRole('button', { name: /派遣|确定|提交/ }).last().click()
  await expect(page.getByText('已派遣').first()).toBeVisible()
  const after = await inspector.get<{ case: Case }>(`/api/cases/${unclear.id}`)
  expect(after.case.state).toBe('assigned')
  expect(after.case.owner?.name).toBeTruthy()
  expect(after.case.due_at).toBeGreaterThan(0)
})

test('likely duplicates stand side by side and are merged with one tap', async ({ context, page, playwright }) => {
  await signIn(context, 'diaodu')
  const inspector = await Someone.named(playwright, 'xuncha')
  const first = await inspector.send<Case>('/api/cases', { text: '桥头一堆垃圾', kind: 'env.exposed-waste', photos: [], lat: 22.7801, lon: 103.2401 })
  const second = await inspector.send<Case>('/api/cases', { text: '桥头有垃圾没人扫', kind: 'env.exposed-waste', photos: [], lat: 22.78015, lon: 103.24012 })
  expect(second.flags).toContain('merged_hint')
  await page.goto(`/desk/dispatch?tab=twin&case=${second.id}`)
  const twin = page.locator('.twin').filter({ hasText: first.no })
  await expect(twin).toContainText('相距')
  await twin.getByRole('button', { name: /并入/ }).click()
  await expect.poll(async () => (await inspector.get<{ case: Case }>(`/api/cases/${second.id}`)).case.state).toBe('merged')
})
