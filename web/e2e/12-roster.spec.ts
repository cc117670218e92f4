// Walk 12: a thousand people in turns. A batch is planned, three people fall
// ill and a market day is added, the plan is repaired and published; two people
// swap on their phones, one crew hands over to the next, and what is found
// goes to the crew that is there.
import { type Browser, expect, test } from '@playwright/test'
import { type CaseFull, type Named, Someone, day, desk, hour, opened, phone } from './county'

type Duty = { id: string; on: string; from_at: number; to_at: number; leader?: Named; people: Named[] }
type Squad = { key: string; on: string; people: Named[]; area: Named }

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

  // Three of different units fall ill for as long as the batch lasts.
  const seated = new Set((await squads()).flatMap((s) => s.people.map((p) => p.id)))
  for (const from of [200, 400, 600]) for (const c of await cadres(playwright, from, 1, (c) => seated.has(c.id))) await c.calls.send('/api/leaves', { from_on: day(1), to_on: day(14), reason: '病假' })
  // A market day nobody had counted on, in three areas.
  await page.reload()
  await expect(page.getByText(/^现在的班组有 \d+ 处不合规则$/)).toBeVisible()
  await page.screenshot({ path: 'test-results/roster-broken.png', fullPage: true })
  await page.setViewportSize(phone)
  await page.screenshot({ path: 'test-results/roster-broken-phone.png', fullPage: true })
  await page.setViewportSize(desk)
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
  const waits = page.getByText(/^已采用，尚未发布：\d+ 个岗位$/)
  await expect(waits).toBeVisible()
  await expect(page.getByText(/处不合规则/), 'the repair mended them all').toHaveCount(0)
  await page.screenshot({ path: 'test-results/roster-kept.png', fullPage: true })
  await page.getByLabel('到', { exact: true }).fill('')
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByText('请选择要发布的日期。')).toBeVisible()
  await expect(page.getByText(/^已发布：/)).toHaveCount(0)
  await page.getByLabel('到', { exact: true }).fill(day(14))
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByText(/^已发布：新增/)).toBeVisible({ timeout: 90_000 })
  await expect(waits).toHaveCount(0)
  await expect(page.getByText('负荷是否均衡')).toBeVisible()
  await expect(page.getByText(/处不合规则/)).toHaveCount(0)
  await page.screenshot({ path: 'test-results/roster-published.png', fullPage: true })
  await page.getByRole('link', { name: '编队排班' }).first().click()
  await expect(page.locator('.list li').filter({ hasText: '第三批攻坚小分队' }).getByText(/^已发布到/)).toBeVisible()
  await page.screenshot({ path: 'test-results/rosters.png', fullPage: true })
  console.log(`repair after three leaves and a market day: ${said}`)

  await swapOnThePhones(browser, playwright, lead)
})

test('rules have exceptions, a shift takes its needs along when asked, and only what was seen is kept', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  type Kept = { id: string; version: number; run: { state: string; from?: string }; tried?: Rules; rules: Rules }
  type Rules = { presences: Record<string, number>; stay: string[]; night: number; shifts: { name: string }[]; needs: object[] }
  const { id } = await lead.send<Kept>('/api/rosters', { name: '规则细节', from_on: day(30), to_on: day(32) })
  const roster = () => lead.get<Kept>(`/api/rosters/${id}`)
  const stays = (await cadres(playwright, 10, 1, () => true))[0]
  const page = await opened(browser, 'zhiban', desk)
  await page.goto(`/desk/rosters/${id}`)
  await page.getByRole('spinbutton', { name: '单位在岗不少于' }).fill('60')
  await page.getByRole('combobox', { name: '加一个在岗要求不同的单位' }).click()
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').first().click()
  await page.locator('.own li').getByRole('spinbutton').fill('40')
  await page.getByRole('combobox', { name: '不参加编排的人' }).fill(stays.name)
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').filter({ hasText: stays.name }).first().click()
  await page.keyboard.press('Escape')
  await page.getByRole('spinbutton', { name: '夜间 1 小时折算' }).fill('200')

  await page.getByRole('button', { name: '加一个班次' }).click()
  await page.getByRole('button', { name: /加一条/ }).click()
  await page.locator('.need').last().locator('.el-select').last().click()
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').filter({ hasText: '夜班' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '删除夜班' }).click()
  await expect(page.getByText('第 3 条用人需求只用“夜班”，会和它一起删除。')).toBeVisible()
  await page.screenshot({ path: 'test-results/roster-shift-goes.png', fullPage: true })
  await page.getByRole('button', { name: '不删了' }).click()
  await expect(page.locator('.need')).toHaveCount(3)
  await page.getByRole('button', { name: '删除夜班' }).click()
  await page.getByRole('button', { name: '一起删除' }).click()
  await expect(page.locator('.need')).toHaveCount(2)

  await page.getByLabel('开始', { exact: true }).nth(1).fill('07:30')
  await page.getByLabel('计算多久').selectOption('5')
  await page.getByRole('button', { name: '开始编排' }).click()
  await expect(page.locator('.line.shift').nth(1).getByText(/与“早班”同时开始/)).toBeVisible()
  await page.getByLabel('开始', { exact: true }).nth(1).fill('12:30')
  await page.getByRole('button', { name: '开始编排' }).click()
  await expect(page.getByText('新方案待您决定')).toBeVisible({ timeout: 60_000 })
  const tried = (await roster()).tried!
  expect(Object.values(tried.presences)).toEqual([40])
  expect([tried.stay.length, tried.night, tried.shifts.length, tried.needs.length]).toEqual([1, 200, 2, 2])
  const squads = (await lead.get<{ items: Squad[] }>(`/api/rosters/${id}/squads?plan=trial&from=${day(30)}&to=${day(32)}`)).items
  expect(squads.flatMap((s) => s.people.map((p) => p.id))).not.toContain(tried.stay[0])

  // A colleague has tried something else by the time it is kept.
  await lead.send(`/api/rosters/${id}/try`, { rules: tried, mode: 'new', seconds: 2, seed: 7 })
  await expect.poll(async () => (await roster()).run.state, { timeout: 30_000 }).toBe('found')
  await page.getByRole('button', { name: '采用' }).click()
  await expect(page.getByText(/在您查看之后又有变化/)).toBeVisible()
  await page.getByRole('button', { name: '重试' }).click()
  await expect(page.getByText(/在您查看之后又有变化/)).toBeHidden()
  await lead.send(`/api/rosters/${id}/try`, { rules: tried, mode: 'new', seconds: 2, seed: 8 })
  await expect.poll(async () => (await roster()).run.state, { timeout: 30_000 }).toBe('found')
  await page.getByRole('button', { name: '开始编排' }).click()
  await expect(page.getByText(/的新方案还没有决定，重新计算会丢掉它/)).toBeVisible()
  expect((await roster()).run.state, 'nothing was thrown away').toBe('found')
  await page.getByRole('button', { name: '采用' }).click()
  await expect(page.getByText('发布到值守')).toBeVisible()
  await page.getByLabel('从哪天起可以调整').fill(day(31))
  await page.getByRole('button', { name: /局部调整/ }).click()
  await expect(page.getByText('新方案待您决定')).toBeVisible({ timeout: 60_000 })
  expect((await roster()).run.from).toBe(day(31))
})

test('a batch that cannot be is told in a few lines, with what would help', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  type Kept = { id: string; run: { state: string }; rules: { presence: number; needs: { size: number }[] } }
  const made = await lead.send<Kept>('/api/rosters', { name: '人手不够', from_on: day(40), to_on: day(41) })
  const rules = { ...made.rules, presence: 65, needs: made.rules.needs.map((n) => ({ ...n, size: 9 })) }
  await lead.send(`/api/rosters/${made.id}/try`, { rules, mode: 'new', seconds: 5, seed: 7 })
  await expect.poll(async () => (await lead.get<Kept>(`/api/rosters/${made.id}`)).run.state, { timeout: 60_000 }).toBe('stuck')
  const page = await opened(browser, 'zhiban', desk)
  await page.goto(`/desk/rosters/${made.id}`)
  await expect(page.getByText(/^排不出来，还差 \d+ 人/)).toBeVisible()
  await expect(page.getByText(/个片区共 \d+ 支小分队各要 9 人，共 \d+ 人/)).toBeVisible()
  await expect(page.getByText(/个单位要按在岗比例留人，最多能出 \d+ 人，还差 \d+ 人/)).toBeVisible()
  await expect(page.getByText(/把单位在岗比例从 65% 降到 \d+%/)).toBeVisible()
  expect(await page.locator('.notice .clash li').count()).toBeLessThan(10)
  await page.screenshot({ path: 'test-results/roster-stuck.png', fullPage: true })
  await page.setViewportSize(phone)
  await page.screenshot({ path: 'test-results/roster-stuck-phone.png', fullPage: true })
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

test('a search is ended early with a plan, and a batch made by mistake gets another name or leaves', async ({ browser }) => {
  const page = await opened(browser, 'zhiban', desk)
  page.on('dialog', (d) => void d.accept())
  await page.goto('/desk/rosters')
  await page.getByRole('button', { name: '新编一批' }).click()
  await page.getByLabel('名称').fill('写错名字的一批')
  await page.getByLabel('到', { exact: true }).fill(day(54))
  await page.getByLabel('从', { exact: true }).fill(day(41))
  await page.getByRole('button', { name: '开始', exact: true }).click()
  await page.getByLabel('计算多久').selectOption('90')
  await page.getByRole('button', { name: '开始编排' }).click()
  await expect(page.getByText(/目前最好/)).toBeVisible()
  await page.getByRole('button', { name: '就到这里，收尾出方案' }).click()
  await expect(page.getByText('新方案待您决定')).toBeVisible({ timeout: 45_000 })

  await page.getByRole('button', { name: '改名或删除' }).click()
  await page.getByLabel('名称').fill('第九批')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('heading', { name: '第九批' })).toBeVisible()
  await page.getByRole('button', { name: '改名或删除' }).click()
  await page.screenshot({ path: 'test-results/roster-name.png' })
  await page.getByRole('button', { name: '删除这一批' }).click()
  await expect(page).toHaveURL(/\/desk\/rosters$/)
  await expect(page.getByText('第九批')).toHaveCount(0)
})
