// Walk 6: chief, department head and commander each see their own numbers, and
// every number opens the list behind it.
import { expect, test } from '@playwright/test'
import { Someone, desk, signIn } from './county'

test.use({ viewport: desk })

type Board = { scope: string; figures: { key: string; value: number; query: string }[]; areas: { id: string; open: number; query: string }[]; units: { id: string; open: number; query: string }[] }

test('every number of the commander opens the list behind it', async ({ context, page, playwright }) => {
  await signIn(context, 'zhihui')
  const commander = await Someone.named(playwright, 'zhihui')
  const board = await commander.get<Board>('/api/board')
  expect(board.figures.find((f) => f.key === 'open')!.value).toBeGreaterThan(10)
  for (const f of board.figures) expect((await commander.cases(`${f.query}&limit=1`)).total, f.key).toBe(f.value)
  for (const r of [...board.areas, ...board.units]) expect((await commander.cases(`${r.query}&limit=1`)).total).toBe(r.open)
  await page.goto('/desk/')
  await expect(page.locator('.figures')).toBeVisible()
  const overdue = page.locator('.figures a.overdue')
  const shown = await overdue.locator('b').innerText()
  await overdue.click()
  await expect(page).toHaveURL(/\/desk\/cases\?.*flag=overdue/)
  await expect(page.locator('main, .page, body').first()).toContainText(shown)
})

for (const [login, scope] of [['pianzhang', 'areas'], ['chengguan', 'units']] as const) {
  test(`${login} sees only their own ${scope}`, async ({ playwright }) => {
    const someone = await Someone.named(playwright, login)
    const me = await someone.get<{ posts: { role: string; unit?: { id: string } }[] }>('/api/me')
    const board = await someone.get<Board>('/api/board')
    const all = await (await Someone.named(playwright, 'zhihui')).get<Board>('/api/board')
    expect(board[scope].length).toBeGreaterThan(0)
    if (login === 'chengguan') {
      const own = me.posts.filter((p) => p.role === 'unit-head').map((p) => p.unit!.id)
      expect(board.units.map((u) => u.id)).toEqual(own)
    } else {
      expect(board.areas.length).toBeLessThan(all.areas.length)
    }
    for (const r of board[scope]) expect(all[scope].find((x) => x.id === r.id)?.open).toBe(r.open)
  })
}
