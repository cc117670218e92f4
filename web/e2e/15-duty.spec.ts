// Walk 15: around a duty. A crew chooses who takes over and chooses again when
// that crew is called off; a standing team is made, changed and ended; a sick
// note is entered at the desk; calendars show a team and one's own duties; the
// rota on paper says what it was narrowed to; one typed in Excel is looked at
// before it comes in; a phone is wide enough for every page.
import { type Page, expect, test } from '@playwright/test'
import { type Named, Someone, day, desk, hour, opened, phone, workbook } from './county'

type Duty = { id: string; on: string; may: string[] }

/** free are people without leave, and without duties today and tomorrow, by their own sign-ins. */
async function free(playwright: import('@playwright/test').PlaywrightWorkerArgs['playwright'], from: number, count: number) {
  const found: (Named & { login: string; calls: Someone })[] = []
  for (let n = from; found.length < count; n++) {
    const login = `p${String(n).padStart(4, '0')}`
    const calls = await Someone.named(playwright, login)
    const me = await calls.get<Named>('/api/me')
    const busy = (await calls.get<{ items: Duty[] }>('/api/duties/mine')).items.some((d) => d.on <= day(1))
    if (!busy && !(await calls.get<{ items: object[] }>('/api/leaves')).items.length) found.push({ ...me, login, calls })
  }
  return found
}

async function pick(page: Page, label: string, name: string) {
  await page.getByRole('combobox', { name: label, exact: true }).fill(name)
  await page.locator('.el-select-dropdown:visible .el-select-dropdown__item').filter({ hasText: name }).first().click()
  await page.locator('.el-drawer__title:visible, .sect-head h2').last().click() // puts the list away
}

test('a crew chooses who takes over, and chooses again when that crew is called off', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  const [a, b, c] = await free(playwright, 440, 3)
  const market = (await lead.get<{ items: { id: string; kind: string }[] }>('/api/places')).items.filter((p) => p.kind === '农贸市场')[2]
  const plan = (crew: Named, from: string, to: string) => lead.send<Duty>('/api/duties', { kind: 'market', name: `${crew.name}组`, place: market.id, on: from.slice(0, 10), from: from.slice(11, 16), to: to.slice(11, 16), leader: crew.id, people: [crew.id] })
  const mine = await plan(a, hour(-60), hour(30))
  await plan(b, hour(30), hour(150))
  const beside = await plan(c, hour(-30), hour(120))

  const page = await opened(browser, a.login, phone)
  await page.goto(`/m/duties/${mine.id}`)
  await page.getByRole('button', { name: '交班' }).click()
  await expect(page.getByRole('radio', { checked: true })).toContainText(b.name)
  await page.getByRole('radio').filter({ hasText: c.name }).click()
  await page.screenshot({ path: 'test-results/hand-choose.png' })
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByText(`已交给“${c.name}组”，等待接班`)).toBeVisible()
  await page.screenshot({ path: 'test-results/hand-given.png' })

  await lead.send(`/api/duties/${beside.id}/cancel`, { note: '下暴雨' })
  await page.reload()
  await expect(page.getByText('已取消，请改交给别的班')).toBeVisible()
  await page.screenshot({ path: 'test-results/hand-lost.png' })
  await page.getByRole('button', { name: '改交' }).click()
  await expect(page.getByRole('radio').filter({ hasText: c.name })).toHaveCount(0)
  await page.getByRole('button', { name: '提交' }).click()
  const two = await opened(browser, b.login, phone)
  await two.goto('/m/duties')
  await two.getByRole('button', { name: '确认接班' }).click()
  await page.reload()
  await expect(page.getByText(`${b.name}已接`)).toBeVisible()
  await expect(page.getByRole('button', { name: /改交|交班/ })).toHaveCount(0)
})

test('a standing team is made, changed and ended at the desk, and shown in a calendar', async ({ browser, playwright }) => {
  const [a, b] = await free(playwright, 470, 2)
  const page = await opened(browser, 'zhiban', desk)
  await page.goto('/desk/duties?tab=teams')
  await page.getByRole('button', { name: '新队伍' }).click()
  await page.getByLabel('名称').fill('老街市场工作队')
  await page.locator('.tf').getByLabel('片区').selectOption({ index: 1 })
  await pick(page, '队长', a.name)
  await pick(page, '队员', b.name)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.screenshot({ path: 'test-results/team-1280.png' })
  await page.setViewportSize(phone)
  await page.screenshot({ path: 'test-results/team-390.png' })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('button', { name: '保存', exact: true }).click()
  const team = page.locator('.teams li').filter({ hasText: '老街市场工作队' })
  await expect(team).toContainText('2 人')

  const mine = await opened(browser, a.login, phone)
  await mine.goto('/m/me')
  await mine.getByText('账号安全').click()
  await mine.getByLabel('日历里看什么').selectOption({ label: '老街市场工作队' })
  await mine.getByRole('button', { name: '生成日历地址' }).click()
  await expect(mine.locator('.acc-list').getByText('老街市场工作队 值守')).toBeVisible()
  await mine.getByLabel('日历里看什么').selectOption('')
  await mine.getByRole('button', { name: '生成日历地址' }).click()
  await expect(mine.locator('.acc-list').getByText('我的时限和值守')).toBeVisible()
  const shown = await mine.request.get((await mine.locator('.acc-address code').textContent())!.replace(/^https?:\/\/[^/]+/, ''))
  expect(await shown.text()).toContain(`X-WR-CALNAME:我的值守 — ${a.name}`)
  await mine.getByText('在日历里看时限和值守').scrollIntoViewIfNeeded()
  await mine.screenshot({ path: 'test-results/feeds-390.png' })
  await mine.setViewportSize({ width: 1280, height: 800 })
  await mine.screenshot({ path: 'test-results/feeds-1280.png' })

  await team.locator('summary').click()
  await page.screenshot({ path: 'test-results/teams-1280.png' })
  await page.setViewportSize(phone)
  await page.screenshot({ path: 'test-results/teams-390.png' })
  await page.setViewportSize(desk)
  await team.getByRole('button', { name: '修改' }).click()
  await page.getByLabel('名称').fill('老街市场工作一队')
  await page.getByRole('button', { name: '结束这支队' }).click()
  await page.getByRole('button', { name: '确认结束' }).click()
  await expect(page.locator('.teams li').filter({ hasText: '老街市场工作一队' })).toContainText('已结束')
})

test('a sick note is entered at the desk and seen on the phone', async ({ browser, playwright }) => {
  const [a] = await free(playwright, 490, 1)
  const page = await opened(browser, 'zhiban', { width: 1280, height: 800 })
  await page.goto('/desk/duties?tab=away')
  await pick(page, '谁请假', a.name)
  await page.getByLabel('到', { exact: true }).fill(day(2))
  await page.getByLabel(/事由/).fill('病假')
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByText(`${a.name} 已登记`)).toBeVisible()
  await page.screenshot({ path: 'test-results/away-1280.png' })
  await page.setViewportSize(phone)
  await page.screenshot({ path: 'test-results/away-390.png' })
  const mine = await opened(browser, a.login, phone)
  await mine.goto('/m/me')
  await mine.getByText('请假与代理').click()
  await expect(mine.getByText('病假')).toBeVisible()
  page.on('dialog', (d) => void d.accept())
  await page.locator('.away-list li').filter({ hasText: a.name }).getByRole('button', { name: '取消' }).click()
  await expect(page.getByText(`${a.name}的请假已取消`.replace('的', ' 的'))).toBeVisible()
})

test('the printed rota says what it was narrowed to', async ({ browser }) => {
  const page = await opened(browser, 'zhiban', { width: 1280, height: 800 })
  await page.goto('/desk/duties')
  await page.getByLabel('类型').selectOption({ label: '市场工作队' })
  await expect(page.getByText(/共 \d+ 次值守/)).toBeVisible()
  await expect(page.locator('.rota-paper')).toBeHidden()
  await page.screenshot({ path: 'test-results/rota-1280.png' })
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.rota-paper')).toContainText('全部片区 · 全部单位 · 市场工作队')
  await expect(page.locator('.skip')).toBeHidden()
  await expect(page.locator('.rota-day').first()).toHaveCSS('break-inside', 'auto')
  await expect(page.locator('.rota-day').first()).toHaveCSS('overflow', 'visible')
  await page.pdf({ path: 'test-results/rota.pdf', format: 'A4' })
  await page.setViewportSize({ width: 794, height: 1123 })
  await page.screenshot({ path: 'test-results/rota-print.png' })
})

test('what is settled on the phone goes away, and a duty called off says so by itself', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  const [a, b, c] = await free(playwright, 500, 3)
  const area = (await lead.get<{ items: Named[] }>('/api/areas')).items[0]
  const plan = (n: number, ...crew: Named[]) => lead.send<Duty>('/api/duties', { kind: 'patrol', name: `${crew[0].name}组`, area: area.id, on: day(n), from: '09:00', to: '11:00', leader: crew[0].id, people: crew.map((p) => p.id) })
  const near = await plan(1, a, b, c)
  const page = await opened(browser, a.login, phone)
  await page.goto('/m/duties')
  await expect(page.locator('.duty-row').filter({ hasText: `${a.name}组` })).toBeVisible()

  await b.calls.send(`/api/duties/${near.id}/asks`, { ask: 'off', note: '孩子发烧' })
  await c.calls.send(`/api/duties/${near.id}/asks`, { ask: 'off', note: '要去市里开会' })
  const asked = (who: Named) => page.locator('.duty-ask').filter({ hasText: `${who.name}请退` })
  await expect(asked(c)).toBeVisible() // told, not asked for
  await page.screenshot({ path: 'test-results/asks-390.png' })
  await asked(b).getByRole('button', { name: /^同意/ }).click()
  await expect(asked(b)).toHaveCount(0)
  await asked(c).getByRole('button', { name: '不同意' }).click()
  await expect(page.locator('.duty-ask')).toHaveCount(0)
  const crew = async () => (await lead.get<{ duty: { people: Named[] } }>(`/api/duties/${near.id}`)).duty.people.map((p) => p.id).sort()
  await expect.poll(crew).toEqual([a.id, c.id].sort())

  await lead.send(`/api/duties/${near.id}/cancel`, { note: '下暴雨' })
  await expect(page.locator('.duty-row').filter({ hasText: `${a.name}组` })).toContainText('已取消')
  await expect(page.locator('.duty-ask')).toHaveCount(0) // nor has the news brought one back
})

test('who calls for help sees at once who has got it, and after a reload too', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  const [a] = await free(playwright, 520, 1)
  const market = (await lead.get<{ items: { id: string; kind: string }[] }>('/api/places')).items.filter((p) => p.kind === '农贸市场')[1]
  const d = await lead.send<Duty>('/api/duties', { kind: 'market', name: `${a.name}组`, place: market.id, on: hour(-60).slice(0, 10), from: hour(-60).slice(11, 16), to: hour(60).slice(11, 16), leader: a.id, people: [a.id] })
  const page = await opened(browser, a.login, phone)
  await page.goto(`/m/duties/${d.id}`)
  await page.getByRole('button', { name: '求助' }).click()
  await page.getByLabel(/需要什么/).fill('摊贩聚集，需要两人和一辆车')
  await page.getByRole('button', { name: '发出求助' }).click()
  const told = page.getByText(/求助已派给\S+ \S+/)
  await expect(told).toContainText(/20\d\d-\d+/)
  await page.screenshot({ path: 'test-results/help-390.png' })
  await page.reload()
  await told.click()
  await expect(page).toHaveURL(/\/m\/cases\//)
})

test('a unit plans by the form as it stands, a second team leaves nothing of the first', async ({ browser }) => {
  const page = await opened(browser, 'p0532', desk) // in charge at the forestry bureau
  await page.goto('/desk/duties')
  await page.getByRole('button', { name: '排一次值守' }).click()
  const form = page.locator('.df')
  await expect(form.getByLabel('安排单位').locator('option:checked')).toHaveText('县林草局')
  await form.getByLabel(/^片区/).selectOption({ index: 1 })
  await form.getByLabel('日期').fill('2062-05-05')
  await form.getByRole('button', { name: '排上' }).click()
  await expect(form.getByText('请指定一名组长；人还没定的，请写明应到几人。')).toBeVisible()
  await form.getByLabel('应到人数').fill('2')
  await form.getByRole('button', { name: '排上' }).click()
  await expect(form.locator('.err')).toContainText('日期应在')
  await page.screenshot({ path: 'test-results/form-year.png' })
  await form.getByLabel('日期').fill(day(3))
  await form.getByRole('button', { name: '排上' }).click()
  await expect(form).toHaveCount(0)
  await page.getByLabel('从哪天').fill(day(3))
  await expect(page.getByText('缺 2 人')).toBeVisible()

  const all = await opened(browser, 'zhiban', desk)
  await all.goto('/desk/duties')
  await all.getByRole('button', { name: '排一次值守' }).click()
  const team = all.locator('.df').getByLabel('从队伍排')
  await expect(team.locator('option').nth(3)).toBeAttached()
  for (const index of [1, 3]) await team.selectOption({ index })
  const name = (await team.locator('option').nth(3).textContent())!.replace(/（\d+）$/, '')
  await expect(all.locator('.df').getByLabel('名称')).toHaveValue(name)
})

test('the desk excuses somebody and sends a colleague who is free', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  const [a, b] = await free(playwright, 560, 2)
  const area = (await lead.get<{ items: Named[] }>('/api/areas')).items[0]
  const d = await lead.send<Duty>('/api/duties', { kind: 'patrol', area: area.id, on: day(1), from: '09:00', to: '11:00', leader: a.id, people: [a.id, b.id] })
  await b.calls.send(`/api/duties/${d.id}/asks`, { ask: 'off', note: '孩子发烧' })
  const page = await opened(browser, 'zhiban', desk)
  await page.goto('/desk/duties?tab=asks')
  const ask = page.locator('.asks li').filter({ hasText: `${b.name} 来不了` })
  await expect(ask).toContainText('本组现有 2 人')
  await expect(ask.getByRole('button', { name: '同意（少 1 人，不顶替）' })).toBeVisible()
  await ask.locator('.instead-of button').first().click()
  await ask.getByRole('button', { name: '同意', exact: true }).click()
  await expect(ask).toContainText('已同意')
  await expect(ask).toContainText('顶替')
})

test('a rota whose date is emptied is of today, and can be turned', async ({ browser }) => {
  const page = await opened(browser, 'zhiban', desk)
  const wrong: Error[] = []
  page.on('pageerror', (e) => wrong.push(e))
  await page.goto('/desk/duties')
  const from = page.getByLabel('从哪天')
  const first = page.locator('.rota-day h2').last()
  const said = (n: number) => `${Number(day(n).slice(5, 7))}月${Number(day(n).slice(8))}日`
  await page.getByRole('button', { name: '后一天' }).click()
  await expect(first).toContainText(said(1))
  await from.fill('')
  await expect(first).toContainText(said(0))
  await page.getByRole('button', { name: '后一天' }).click()
  await expect(first).toContainText(said(1))
  await from.fill('')
  await from.blur()
  await expect(from).toHaveValue(day(0))
  expect(wrong).toEqual([])
})

test('a rota typed in Excel is looked at before it comes in', async ({ browser, playwright }) => {
  const [a, b] = await free(playwright, 510, 2)
  const page = await opened(browser, 'zhiban', { width: 1280, height: 800 })
  await page.goto('/desk/duties')
  const titles = ['日期', '开始', '结束', '类型', '名称', '片区', '组长']
  const area = (await page.getByLabel('片区').locator('option').nth(1).textContent())!
  const send = (...rows: (string | number)[][]) => page.locator('input[type=file]').setInputFiles({ name: '值守.xlsx', mimeType: 'application/octet-stream', buffer: workbook('值守', [titles, ...rows]) })
  const row = (on: string | number, who: string, from: string | number = 8 / 24) => [on, from, 0.5, '市场工作队', '年前大扫除', area, who]
  const first = 360 // days ahead: a year is easily mistyped
  const serial = (n: number) => (Date.parse(day(first + n)) - Date.UTC(1899, 11, 30)) / 86_400_000 // as Excel counts days
  const said = (n: number) => new Date(day(first + n)).toLocaleDateString('zh-CN', { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' })
  await send(row(serial(0), a.name), row(serial(1), b.name, '9：30'), ...[2, 3, 4, 5, 6].map((n) => row(serial(n), a.name)))
  await expect(page.locator('.rota-book li').first()).toContainText(said(0))
  await expect(page.locator('.rota-book li').first()).toContainText('08:00–12:00')
  await expect(page.locator('.rota-book li').nth(1)).toContainText('09:30–12:00')
  await expect(page.locator('.rota-book')).toContainText(`另有 1 次，最晚 ${said(6)}`)
  await page.screenshot({ path: 'test-results/rota-book-1280.png' })
  await page.setViewportSize(phone)
  await page.screenshot({ path: 'test-results/rota-book-390.png' })
  await page.setViewportSize({ width: 1280, height: 800 })

  await send(row('12月21日', a.name), row(serial(1), '没有这人'), row(serial(2), ''))
  for (const cell of ['值守!A2 “12月21日”不是日期', '值守!G3 没有“没有这人”这个人', '值守!G4 “组长”必填']) await expect(page.getByText(cell)).toBeVisible()
  await expect(page.locator('.notice.overdue li')).toHaveCount(3)
  await page.screenshot({ path: 'test-results/rota-wrong-1280.png' })
})

test('no page of duties and rosters is wider than a phone', async ({ browser, playwright }) => {
  const lead = await Someone.named(playwright, 'zhiban')
  const [a] = await free(playwright, 530, 1)
  const area = (await lead.get<{ items: Named[] }>('/api/areas')).items[0]
  const mine = await lead.send<Duty>('/api/duties', { kind: 'patrol', name: '夜间巡查'.repeat(10), area: area.id, on: day(1), from: '09:00', to: '11:00', leader: a.id, people: [a.id] })
  await a.calls.send(`/api/duties/${mine.id}/asks`, { ask: 'off', note: '家里老人住院，需要陪护，请安排其他同志顶替一下，谢谢。' })
  await lead.send('/api/rosters', { name: '第三批攻坚小分队（元旦春节期间加强版）'.repeat(2).slice(0, 40), from_on: day(30), to_on: day(36) })
  const page = await opened(browser, 'zhiban', phone)
  const fits = async (name: string) => {
    await page.screenshot({ path: `test-results/narrow-${name}.png`, fullPage: true })
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth), name).toBeLessThanOrEqual(390)
  }
  for (const [name, path, seen] of [['rota', '', '.rota-day'], ['asks', '?tab=asks', '.asks .mine'], ['teams', '?tab=teams', '.teams, .empty'], ['away', '?tab=away', '.sect']]) {
    await page.goto(`/desk/duties${path}`)
    await page.locator(seen).first().waitFor()
    await fits(name)
  }
  await page.goto('/desk/rosters')
  await page.getByText('第三批攻坚小分队').first().waitFor()
  await page.getByLabel('单位').selectOption({ index: 1 })
  await page.locator('.members tbody tr').first().waitFor()
  await fits('rosters')
})
