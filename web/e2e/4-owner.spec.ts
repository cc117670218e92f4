// Walk 4: the owner gets it on the phone: accept, the honest exits, and fixed
// with an after photo for which the before photo lies faintly over the camera.
import { expect, test } from '@playwright/test'
import { type Case, type CaseFull, Someone, phone, picture, signIn } from './county'

test.use({ viewport: phone, hasTouch: true, isMobile: true })

test('the owner accepts, is honest, and fixes with an after photo', async ({ context, page, playwright }) => {
  const inspector = await Someone.named(playwright, 'xuncha')
  const lead = await Someone.named(playwright, 'zhiban')
  await signIn(context, 'chengguan') // head of the bureau that leads this kind
  await page.goto('/m/')
  const make = async (n: number) => inspector.send<Case>('/api/cases', {
    text: `责任人演练 ${n}`, kind: 'env.exposed-waste', photos: [await inspector.photo(await picture(page, 700 + n))], lat: 22.7782, lon: 103.229,
  })
  const state = async (c: Case) => (await inspector.get<CaseFull>(`/api/cases/${c.id}`)).case
  const submit = () => page.locator('.sheet').getByRole('button', { name: '提交' }).click()

  const mine = await make(1)
  await page.goto(`/m/cases/${mine.id}`)
  await expect(page.locator('.exits button')).toHaveText(['不是我的', '卡住了', '申请延期'])
  await page.getByRole('button', { name: '接收', exact: true }).click()
  await submit()
  await expect.poll(async () => (await state(mine)).state).toBe('accepted')
  await page.getByRole('button', { name: '已整改' }).click()
  await expect(page.locator('.shutter .ghost')).toBeVisible() // the before photo, faintly
  await page.getByRole('button', { name: '拍照', exact: true }).click()
  await expect(page.locator('.sheet .thumbs img')).toHaveCount(1)
  await submit()
  await expect.poll(async () => (await state(mine)).state).toBe('fixed')

  const stuck = await make(2)
  await page.goto(`/m/cases/${stuck.id}`)
  await page.getByRole('button', { name: '卡住了' }).click()
  await submit()
  await expect(page.locator('.sheet [role=alert]')).toBeVisible() // it asks for what it needs
  await page.getByRole('button', { name: '需要资金' }).click()
  await page.locator('.sheet textarea').fill('要换一批垃圾桶，已报预算。')
  await submit()
  await expect.poll(async () => (await state(stuck)).ask).toBe('block')
  await lead.send(`/api/cases/${stuck.id}/moves`, { move: 'agree' })
  await expect.poll(async () => (await state(stuck)).state).toBe('blocked')

  const late = await make(3)
  await page.goto(`/m/cases/${late.id}`)
  await page.getByRole('button', { name: '申请延期' }).click()
  await page.locator('.sheet input[type=date]').fill('2027-03-01')
  await page.locator('.sheet textarea').fill('连日下雨，设备进不来。')
  await submit()
  await expect.poll(async () => (await state(late)).ask).toBe('extension')

  const notMine = await make(4)
  await page.goto(`/m/cases/${notMine.id}`)
  await page.getByRole('button', { name: '不是我的' }).click()
  await page.locator('.sheet textarea').fill('这是市场里面的垃圾。')
  await page.locator('.sheet select').selectOption({ label: '青溪县市场监督管理局' })
  await submit()
  await expect.poll(async () => (await state(notMine)).unit?.name).toBe('县市场监管局')
  expect((await state(notMine)).due_at).toBe(notMine.due_at) // the clock ran on
})
