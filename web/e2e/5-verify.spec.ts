// Walk 5: somebody else verifies or sends back, and is told in words what the
// photos say before deciding.
import { expect, test } from '@playwright/test'
import { type Case, type CaseFull, Someone, desk, picture, signIn } from './county'

test.use({ viewport: desk })

test('the verifier reads the checks, passes one and sends one back; the fixer cannot', async ({ context, page, playwright }) => {
  await signIn(context, 'hecha')
  await page.goto('/desk/verify')
  const inspector = await Someone.named(playwright, 'xuncha')
  const owner = await Someone.named(playwright, 'chengguan')
  const ids: string[] = []
  const before = await inspector.photo(await picture(page, 900))
  for (const n of [1, 2]) {
    const c = await inspector.send<Case>('/api/cases', { text: `核查演练 ${n}`, kind: 'env.exposed-waste', photos: [before], lat: 22.7782, lon: 103.229 })
    const after = await owner.photo(await picture(page, 901)) // the same after photo on both cases
    await owner.send(`/api/cases/${c.id}/moves`, { move: 'fix', photos: [after], note: '已清理' })
    ids.push(c.id)
  }
  const mine = await owner.get<CaseFull>(`/api/cases/${ids[0]}`)
  expect(mine.moves).not.toContain('verify')

  await page.goto(`/desk/verify?case=${ids[1]}`)
  const says = page.locator('.says')
  await expect(says).toContainText('同一张照片已用于案件')
  await expect(says).toContainText('拍摄位置距问题点约')
  await page.getByRole('button', { name: /退回重做|核查不通过/ }).click()
  await page.locator('.decide textarea').fill('照片与另一案件相同，请重新整改拍照。')
  await page.locator('.decide').getByRole('button').filter({ hasText: /退回|确定|提交/ }).last().click()
  await expect.poll(async () => (await inspector.get<CaseFull>(`/api/cases/${ids[1]}`)).case.state).toBe('accepted')

  await page.goto(`/desk/verify?case=${ids[0]}`)
  await expect(page.locator('.says')).toContainText('拍摄')
  await page.locator('.decide').getByRole('button', { name: /通过/ }).first().click()
  await expect.poll(async () => (await inspector.get<CaseFull>(`/api/cases/${ids[0]}`)).case.state).toBe('closed')
  const full = await inspector.get<CaseFull>(`/api/cases/${ids[1]}`)
  expect(full.case.reworks).toBe(1)
})
