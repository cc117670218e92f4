// Walk 14: the article. A provincial round has failed; the retrospective turns
// every lost point into a case; they are worked off over weeks; a mock round is
// judged on phones without a signal; the second provincial round passes. Before
// each round the standing estimate is kept, and compared with what came out.
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Page, expect, test } from '@playwright/test'
import type { components } from '../client/contract'
import { type Case, Someone, base, desk, picture, signIn } from './county'
import { data, port } from '../playwright.config'

type Schemas = components['schemas']
type Round = Schemas['Round']
type Debts = { items: Schemas['Debt'][]; progress: Schemas['LossProgress'] }

test.describe.configure({ mode: 'serial' })
test.use({ viewport: desk })

const later = `http://127.0.0.1:${port + 1}`
let dir: string
let program: ChildProcess | undefined

/** ahead shows the county so many days later, on a copy of its data. */
async function ahead(days: number) {
  await stop()
  program = spawn('../.tools/chuangwei', ['demo', '-d', dir, '-a', `127.0.0.1:${port + 1}`, '--ahead', `${days * 24}h`], { stdio: 'ignore' })
  await expect.poll(async () => fetch(`${later}/healthz`).then((r) => r.ok, () => false), { timeout: 60_000 }).toBeTruthy()
}
async function stop() {
  if (!program) return
  const gone = new Promise((ok) => program!.once('exit', ok))
  program.kill()
  await gone
  program = undefined
}
test.afterAll(async () => {
  await stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

test('every lost point of the failed round becomes a case in one sitting', async ({ context, page, playwright }) => {
  test.setTimeout(180_000)
  const lead = await Someone.named(playwright, 'zhiban')
  const failed = (await lead.get<{ items: Round[] }>('/api/rounds')).items.find((r) => r.kind === 'provincial')!
  expect(failed.verdict).toBe('failed')
  expect(Number(failed.score)).toBeLessThan(Number(failed.pass))

  await signIn(context, 'zhiban')
  await page.goto('/desk/rounds')
  await page.getByText('第一次省级技术评估').click()
  await expect(page.getByText('未达合格线')).toBeVisible()
  await page.getByRole('button', { name: '现在重算一遍' }).click()
  await expect(page.getByText('重新计算完成：每一行都和当时相同')).toBeVisible()
  await page.getByRole('button', { name: '复盘' }).click()
  const all = page.getByRole('button', { name: /全部按方案落实/ })
  await expect(all).toBeVisible()

  // one is edited in place, one is explained
  const rows = page.locator('.debt')
  await rows.nth(0).getByRole('button', { name: '改' }).click()
  await rows.nth(0).getByLabel('整改时限').fill(new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10))
  await rows.nth(0).getByRole('button', { name: '落实' }).click()
  await expect(page.locator('.steps div').nth(1).locator('b')).toHaveText('1')
  await rows.nth(0).getByRole('button', { name: '改' }).click()
  await rows.nth(0).getByText('不立案', { exact: true }).click()
  await rows.nth(0).getByPlaceholder('写明理由').fill('该点位已关停拆除')
  await rows.nth(0).getByRole('button', { name: '落实' }).click()
  await expect(page.locator('.steps div').nth(1).locator('b')).toHaveText('2')
  await all.click()
  await expect(page.getByText('每一项失分都有了着落')).toBeVisible({ timeout: 120_000 })

  const debts = await lead.get<Debts>(`/api/rounds/${failed.id}/losses`)
  expect(debts.progress.settled).toBe(debts.progress.losses)
  expect(debts.progress.none).toBe(1)
  const cases = new Set(debts.items.map((d) => d.case?.id).filter(Boolean))
  expect(cases.size).toBeGreaterThan(100)
  for (const d of debts.items) expect(d.settled!.outcome === 'none' || d.case!.owner, `${d.loss.text} has nobody`).toBeTruthy()
  console.log(`  ${debts.progress.losses} lost points: ${cases.size} cases, ${debts.items.filter((d) => d.settled!.outcome === 'linked').length} linked, ${debts.progress.none} explained`)
})
