// Walk 12: a thousand people in turns. A batch is planned, three people fall
// ill and a market day is added, the plan is repaired and published; two people
// swap on their phones, one crew hands over to the next, and what is found
// goes to the crew that is there.
import { type Browser, expect, test } from '@playwright/test'
import { type CaseFull, Someone, desk, phone, signIn } from './county'

type Named = { id: string; name: string }
type Duty = { id: string; on: string; from_at: number; to_at: number; leader?: Named; people: Named[] }
type Squad = { key: string; on: string; people: Named[]; area: Named }
const day = (n: number) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10)
const hour = (t: number) => new Date(Math.floor((Date.now() + t * 60_000) / 60_000) * 60_000 + 8 * 3_600_000).toISOString()

async function opened(browser: Browser, login: string, viewport: { width: number; height: number }) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  await signIn(context, login)
  return context.newPage()
}

test('what is found goes to the crew that is there, and passes to the next one', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  const [a, b] = await cadres(playwright, 500, 2, (c) => !c.duties.length)
  const market = (await lead.get<{ items: { id: string; code: string; kind: string }[] }>('/api/places')).items.filter((p) => p.kind === '农贸市场')[1]
  const [from, mid, to] = [hour(-90), hour(20), hour(150)]
  const plan = (crew: Named, from: string, to: string) => lead.send<Duty>('/api/duties', { kind: 'market', name: `${crew.name}组`, place: market.id, on: from.slice(0, 10), from: from.slice(11, 16), to: to.slice(11, 16), leader: crew.id, people: [crew.id] })
  const morning = await plan(a, from, mid)
  await plan(b, mid, to)

  const inspector = await Someone.named(playwright, 'xuncha')
  const c = await inspector.send<{ id: string; owner?: Named; due_at: number }>('/api/cases', { text: '摊位占了通道', kind: 'market.zoning', place: market.code, photos: [] })
  expect(c.owner?.id, 'the owner is the leader of the crew that is there').toBe(a.id)

  const one = await opened(browser, a.login, phone)
  await one.goto(`/m/duties/${morning.id}`)
  await expect(one.getByText('正在值守')).toBeVisible()
  await expect(one.getByText('摊位占了通道')).toBeVisible()
  await one.getByRole('button', { name: '交班' }).click()
  await one.getByLabel('钥匙、工具').fill('仓库钥匙两把')
  await one.screenshot({ path: 'test-results/handover.png' })
  await one.getByRole('button', { name: '提交' }).click()

  const two = await opened(browser, b.login, phone)
  await two.goto('/m/duties')
  await expect(two.getByText('仓库钥匙两把')).toBeVisible()
  await two.screenshot({ path: 'test-results/take.png' })
  await two.getByRole('button', { name: '确认接班' }).click()
  await expect.poll(async () => (await lead.get<CaseFull>(`/api/cases/${c.id}`)).case.owner?.id).toBe(b.id)
  expect((await lead.get<CaseFull>(`/api/cases/${c.id}`)).case.due_at, 'the clock is unchanged').toBe(c.due_at)
})

test('a batch is planned, broken, repaired, published and served', async ({ browser, playwright }) => {
  test.setTimeout(240_000)
  const lead = await Someone.named(playwright, 'zhiban')
  const page = await opened(browser, 'zhiban', desk)
  await page.goto('/desk/rosters')
  await page.getByRole('button', { name: '新编一批' }).click()
  await page.getByLabel('名称').fill('第三批攻坚小分队')
  await page.getByRole('button', { name: '开始', exact: true }).click()
  await expect(page.getByRole('heading', { name: '第三批攻坚小分队' })).toBeVisible()
  await page.getByLabel('计算多久').selectOption('5')
  await page.getByRole('button', { name: '开始编排' }).click()
  await expect(page.getByText(/目前最好/)).toBeVisible()
  await expect(page.getByText('新方案待您决定')).toBeVisible({ timeout: 60_000 })
  await page.screenshot({ path: 'test-results/roster-trial.png', fullPage: true })
  await page.getByRole('button', { name: '采用' }).click()
  await expect(page.getByText('发布到值守')).toBeVisible()
  const id = page.url().split('/').pop()!
  const squads = async () => (await lead.get<{ items: Squad[] }>(`/api/rosters/${id}/squads?plan=kept&from=${day(1)}&to=${day(14)}`)).items

  // Three fall ill for as long as the batch lasts.
  const seated = new Set((await squads()).flatMap((s) => s.people.map((p) => p.id)))
  for (const c of await cadres(playwright, 200, 3, (c) => seated.has(c.id))) await c.calls.send('/api/leaves', { from_on: day(1), to_on: day(14), reason: '病假' })
  // A market day nobody had counted on, in three areas.
  await page.reload()
  await page.getByRole('button', { name: '查看和修改' }).click()
  await page.getByRole('button', { name: /加一条/ }).click()
  const need = page.locator('.need').last()
  await need.getByLabel('从').fill(day(6))
  await need.getByLabel('到').fill(day(6))
  await need.getByLabel('每队人数').fill('7')
  await need.locator('.el-select').first().click()
  for (const n of [0, 1, 2]) await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').nth(n).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /局部调整/ }).click()
  await expect(page.getByText('新方案待您决定')).toBeVisible({ timeout: 60_000 })
  const said = await page.getByText(/^变动 \d+ 个岗位/).innerText()
  expect(Number(/([\d.]+)%/.exec(said)![1]), said).toBeLessThanOrEqual(2)
  await page.getByLabel('只看变动').check()
  await page.locator('.who.new').first().click()
  await expect(page.getByText(/^为什么是/)).toBeVisible()
  await expect(page.locator('.why li').first()).toBeVisible()
  await page.screenshot({ path: 'test-results/roster-repair.png', fullPage: true })
  await page.getByRole('button', { name: '采用' }).click()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByText(/^已发布：新增/)).toBeVisible({ timeout: 90_000 })
  console.log(`repair after three leaves and a market day: ${said}`)

  await swapOnThePhones(browser, playwright, lead)
})

type Playwright = import('@playwright/test').PlaywrightWorkerArgs['playwright']
type Cadre = Named & { login: string; calls: Someone; duties: Duty[] }

/** cadres signs some people in, from a number on. */
async function cadres(playwright: Playwright, from: number, count: number, fits: (c: Cadre) => boolean) {
  const found: Cadre[] = []
  for (let n = from; found.length < count; n++) {
    const login = `p${String(n).padStart(4, '0')}`
    const calls = await Someone.named(playwright, login)
    const c = { ...(await calls.get<Named>('/api/me')), login, calls, duties: (await calls.get<{ items: Duty[] }>('/api/duties/mine')).items }
    if (fits(c)) found.push(c)
  }
  return found
}

/** swapOnThePhones lets one person of the batch ask another, who agrees. */
async function swapOnThePhones(browser: Browser, playwright: Playwright, lead: Someone) {
  const ahead = (c: Cadre) => c.duties.find((d) => d.on > day(1) && d.leader?.id !== c.id)
  const some = await cadres(playwright, 300, 24, (c) => !!ahead(c))
  let asks: Cadre | undefined
  let other: Cadre | undefined
  for (asks of some) {
    const can = (await asks.calls.get<{ items: { person: Named }[] }>(`/api/duties/${ahead(asks)!.id}/partners`)).items.map((p) => p.person.id)
    other = some.find((c) => can.includes(c.id))
    if (other) break
  }
  const mine = ahead(asks!)!
  const one = await opened(browser, asks!.login, phone)
  await one.goto(`/m/duties/${mine.id}`)
  await one.getByRole('button', { name: '换班/请退' }).click()
  await one.locator('.came-with button').filter({ hasText: other!.name }).first().click()
  await one.screenshot({ path: 'test-results/swap.png' })
  await one.getByRole('button', { name: '提交' }).click()

  const two = await opened(browser, other!.login, phone)
  await two.goto('/m/duties')
  await two.getByRole('button', { name: '同意', exact: true }).click()
  const crew = async () => (await lead.get<{ duty: Duty }>(`/api/duties/${mine.id}`)).duty.people.map((p) => p.id)
  await expect.poll(crew).toContain(other!.id)
  expect(await crew()).not.toContain(asks!.id)
}
