// Walk 6: chief, department head and commander each see their own numbers, and
// every number opens the list behind it.
import { expect, test } from '@playwright/test'
import { Someone, desk, phone, signIn } from './county'

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

test('a chief opens their own area, a head sees only their own unit', async ({ context, page, playwright }) => {
  const all = await (await Someone.named(playwright, 'zhihui')).get<Board>('/api/board')
  const chief = await Someone.named(playwright, 'pianzhang')
  const me = await chief.get<{ posts: { role: string; area?: { id: string } }[] }>('/api/me')
  const own = me.posts.filter((p) => p.role === 'chief').map((p) => p.area!.id)
  expect(own.length).toBeGreaterThan(0)
  for (const id of own) {
    const board = await chief.get<Board>(`/api/board?area=${id}`)
    expect(board.figures.find((f) => f.key === 'open')!.value).toBe(all.areas.find((x) => x.id === id)?.open ?? 0)
  }
  await signIn(context, 'pianzhang')
  await page.goto(`/desk/area/${own[0]}`)
  await expect(page.locator('.figures')).toBeVisible()

  const head = await Someone.named(playwright, 'chengguan')
  const mine = await head.get<Board>('/api/board')
  const unit = (await head.get<{ posts: { role: string; unit?: { id: string } }[] }>('/api/me')).posts.find((p) => p.role === 'unit-head')!.unit!.id
  expect(mine.units.map((u) => u.id)).toEqual([unit])
  expect(mine.units[0].open).toBe(all.units.find((x) => x.id === unit)?.open)
  const other = all.units.find((u) => u.id !== unit)!
  expect((await head.calls.get(`/api/board?unit=${other.id}`)).status()).toBe(403)
})

test('on a phone the desk folds its ways away and scrolls nothing sideways', async ({ context, page }) => {
  await signIn(context, 'zhihui')
  await page.goto('/desk/')
  const ways = page.getByRole('navigation', { name: '主导航' })
  await expect(ways.getByRole('link', { name: '意见' })).toBeVisible()
  await expect(ways.getByRole('button', { name: '更多' })).toBeHidden()
  await page.setViewportSize(phone)
  await expect(ways.getByRole('link', { name: '意见' })).toBeHidden()
  const wider = () => ways.evaluate((e) => Math.max(e.scrollWidth - e.clientWidth, document.documentElement.scrollWidth - innerWidth))
  expect(await wider()).toBe(0)
  await ways.getByRole('button', { name: '更多' }).click()
  expect(await wider()).toBe(0)
  await ways.getByRole('link', { name: '意见' }).click()
  await expect(page).toHaveURL(/\/desk\/suggest$/)
  await expect(ways.getByRole('button', { name: '更多' })).toHaveAttribute('aria-expanded', 'false')
  await expect(ways.getByRole('link', { name: '意见' })).toHaveAttribute('aria-current', 'page')
  await expect(ways.getByRole('link', { name: '标准' })).toBeHidden()
})
