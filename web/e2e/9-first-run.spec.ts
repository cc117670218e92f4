// Walk 9: an empty server, its administrator, one workbook; then the first
// problem goes from the phone to a named owner by itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { port } from '../playwright.config'
import { Someone, desk, phone } from './county'

const at = `http://127.0.0.1:${port + 1}`
let server: ChildProcess
let dir = ''
let password = ''

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'chuangwei-first-'))
  server = spawn('../.tools/chuangwei', ['serve', '--data', dir, '--addr', at.slice('http://'.length)])
  await new Promise<void>((ready, fail) => {
    let said = ''
    const hear = (b: Buffer) => {
      said += String(b)
      password = /with the password (\S+)/.exec(said)?.[1] ?? password
      if (said.includes('msg=ready')) ready()
    }
    server.stdout!.on('data', hear)
    server.stderr!.on('data', hear)
    server.on('exit', () => fail(new Error(said)))
  })
})
test.afterAll(async () => {
  server.removeAllListeners('exit')
  server.kill('SIGINT')
  await new Promise((gone) => server.on('exit', gone))
  rmSync(dir, { recursive: true, force: true })
})

test('an empty server is filled from one workbook and dispatches its first case', async ({ browser, playwright }) => {
  const neighbour = await Someone.named(playwright, 'guanli') // a county that has what we need
  const book = join(dir, 'registers.xlsx')
  writeFileSync(book, await (await neighbour.calls.get('/api/registers.xlsx')).body())

  const context = await browser.newContext({ viewport: desk, locale: 'zh-CN', permissions: ['geolocation', 'camera'], geolocation: { latitude: 22.7782, longitude: 103.229 } })
  const page = await context.newPage()
  await page.goto(`${at}/desk/registers`)
  await page.getByLabel('账号').fill('admin')
  await page.locator('input[type=password]').fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByText('开通进度')).toBeVisible()

  await page.locator('input[type=file]').setInputFiles({ name: '乱写.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK 不是表格') })
  await expect(page.getByText('这不是可用的 Excel 文件', { exact: false })).toBeVisible()
  await page.locator('input[type=file]').setInputFiles(book)
  await expect(page.getByText('会改这些')).toBeVisible({ timeout: 30_000 })
  await page.getByRole('button', { name: /确认导入/ }).click()
  await expect(page.getByText('已导入')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('现有数据')).toBeVisible()

  await page.setViewportSize(phone)
  await page.goto(`${at}/m/capture`)
  await page.getByRole('button', { name: '拍照', exact: true }).click()
  await expect(page.locator('.thumbs span')).toHaveCount(1)
  await page.getByRole('button', { name: '暴露垃圾' }).click()
  await page.getByPlaceholder('一句话说明（可不写）').fill('第一件问题')
  await page.getByRole('button', { name: /发送/ }).click()
  await expect(page.getByText(/已保存/)).toBeVisible()
  await page.goto(`${at}/m/outbox`)
  await expect(page.getByText('都发送完了')).toBeVisible()
  await page.setViewportSize(desk)
  await page.goto(`${at}/desk/cases`)
  await expect(page.getByText('第一件问题')).toBeVisible()
  await page.getByText('第一件问题').click()
  await expect(page.getByText(/派给.+，时限/).first()).toBeVisible()
  await context.close()
})
