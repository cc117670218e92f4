// Walk 13: a gap of the ledger becomes a case, the department brings the paper,
// somebody else checks it, and the archive that leaves can be checked by a stranger.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type Case, desk, signIn, Someone } from './county'
import type { components } from '../client/contract'

type Ledger = components['schemas']['Ledger']
type Slot = components['schemas']['Slot']

/** paper is a PDF of one page that says something. */
function paper(said: string): Buffer {
  const parts = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>', '', '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>']
  const stream = `BT /F1 12 Tf 72 720 Td (${said}) Tj ET`
  parts[3] = `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`
  let out = '%PDF-1.4\n'
  const at = parts.map((p, i) => { const here = out.length; out += `${i + 1} 0 obj\n${p}\nendobj\n`; return here })
  const start = out.length
  out += `xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${at.map((a) => String(a).padStart(10, '0') + ' 00000 n \n').join('')}trailer<</Size ${parts.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF`
  return Buffer.from(out, 'latin1')
}

const verify = (file: string, log: string): { ok: boolean; said: string } => {
  try {
    return { ok: true, said: execFileSync('../.tools/chuangwei', ['archive', 'verify', file, '--against', log], { encoding: 'utf8' }) }
  } catch (e) {
    const failed = e as { stdout?: string; stderr?: string }
    return { ok: false, said: `${failed.stdout ?? ''}${failed.stderr ?? ''}` }
  }
}

test('a gap becomes a case, the paper closes it, and the archive can be checked', async ({ browser, playwright }) => {
  test.setTimeout(240_000) // the demo's own papers are read first
  const archivist = await Someone.named(playwright, 'ziliao')
  const ledger = await archivist.get<Ledger>('/api/evidence')
  const slots = ledger.chapters.flatMap((c) => c.items.flatMap((i) => i.slots))
  expect(slots).toHaveLength(210)
  // the history has filled some by itself
  expect(slots.filter((s) => s.by === 'work' && s.have > 0).length).toBeGreaterThan(3)
  const gap = slots.find((s) => s.by === 'paper' && s.lead?.name === '县城管局' && !s.case && s.years.some((y) => y.have < y.want))!
  const year = gap.years.find((y) => y.have < y.want)!.year

  // The archivist finds the gap and asks for it with one press.
  const centre = await browser.newContext({ viewport: desk, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  await signIn(centre, 'ziliao')
  const page = await centre.newPage()
  await page.goto('/desk/evidence')
  await expect(page.getByText('项要求佐证齐全')).toBeVisible()
  await page.getByPlaceholder('找要求、编号或单位').fill(gap.number)
  await page.getByRole('button', { name: gap.text }).click()
  await expect(page.getByText('佐证要求未确认')).toBeVisible()
  const row = page.locator('.gap').filter({ hasText: `${year}年` })
  await row.getByRole('button', { name: '催办' }).click()
  await expect(row.getByRole('link', { name: '看催办案件' })).toBeVisible()
  const asked = (await archivist.get<{ slot: Slot }>(`/api/evidence/slots/${gap.slot}`)).slot.years.find((y) => y.year === year)!.case!
  expect((await archivist.get<{ case: Case }>(`/api/cases/${asked}`)).case).toMatchObject({ state: 'assigned', channel: 'evidence' })

  // The department sees its own part only, and drops the paper in.
  const office = await browser.newContext({ viewport: desk, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  await signIn(office, 'chengguan')
  const own = await office.newPage()
  await own.goto('/desk/evidence')
  await expect(own.getByText('项要求佐证齐全')).toBeVisible()
  await expect(own.locator('.how')).not.toContainText('/210')
  await own.goto(`/desk/evidence?slot=${gap.slot}`)
  await own.locator('.drop input').setInputFiles({ name: `${year}年专项工作小结.pdf`, mimeType: 'application/pdf', buffer: paper(`Quarterly report Qingxi-${year}-7731`) })
  await expect(own.getByText('已上传')).toBeVisible()
  await expect(own.getByLabel('题名')).toHaveValue(`${year}年专项工作小结`)
  await own.getByRole('button', { name: '提交', exact: true }).click()
  const filed = own.locator('.paper').filter({ hasText: '专项工作小结' })
  await expect(filed).toContainText('待审核')
  await expect(filed.getByRole('button', { name: '审核通过' })).toHaveCount(0) // never one's own
  expect((await archivist.get<{ case: Case }>(`/api/cases/${asked}`)).case.state).toBe('fixed')

  // What is no document is refused in words.
  await own.locator('.drop input').setInputFiles({ name: '通知.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ this is a program') })
  await expect(own.getByText('只收 PDF、Word（.docx）、Excel（.xlsx）和照片')).toBeVisible()

  // Somebody else checks it: slot and case are done by that.
  await page.reload()
  await page.locator('.paper').filter({ hasText: '专项工作小结' }).getByRole('button', { name: '审核通过' }).click()
  await expect(page.locator('.paper').filter({ hasText: '专项工作小结' })).toContainText('已审核')
  await expect.poll(async () => (await archivist.get<{ case: Case }>(`/api/cases/${asked}`)).case.state).toBe('closed')
  expect((await archivist.get<{ slot: Slot }>(`/api/evidence/slots/${gap.slot}`)).slot.have).toBe(gap.have + 1)

  // It is found by what stands inside it.
  await expect.poll(async () => (await archivist.get<{ total: number }>(`/api/papers?q=7731`)).total, { timeout: 100_000 }).toBe(1)
  await page.goto('/desk/evidence?tab=papers')
  await page.getByPlaceholder('搜题名').fill('7731')
  await expect(page.locator('.paper')).toHaveCount(1)
  await expect(page.locator('.around')).toContainText('report qingxi-')
  await page.getByPlaceholder('搜题名').fill('没有这样的话')
  await expect(page.getByText('没有资料提到“没有这样的话”')).toBeVisible()
})

test('the archive leaves as one file that a stranger can check', async ({ browser, playwright }) => {
  test.setTimeout(180_000)
  const archivist = await Someone.named(playwright, 'ziliao')
  const { printable } = await archivist.get<{ printable: boolean }>('/api/archives')
  test.skip(!printable, 'no TrueType font with Chinese characters here; tools/font.sh fetches one')
  const centre = await browser.newContext({ viewport: desk, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true })
  await signIn(centre, 'ziliao')
  const page = await centre.newPage()
  await page.goto('/desk/evidence?tab=archive')
  await page.getByRole('button', { name: '开始编排' }).click()
  const ready = page.getByRole('link', { name: '下载' }).first()
  await expect(ready).toBeVisible({ timeout: 120_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), ready.click()])
  const dir = mkdtempSync(join(tmpdir(), 'chuangwei-archive-'))
  const zip = join(dir, 'archive.zip')
  await download.saveAs(zip)

  const log = join(dir, 'log.ndjson')
  await expect.poll(async () => { // the log is signed once a minute
    writeFileSync(log, await (await archivist.calls.get('/api/proof/export')).body())
    return verify(zip, log).ok
  }, { timeout: 100_000, intervals: [3000] }).toBe(true)
  const bytes = readFileSync(zip)
  const at = bytes.indexOf('%PDF-1', bytes.length / 2)
  bytes[at + 7] ^= 1
  const bad = join(dir, 'altered.zip')
  writeFileSync(bad, bytes)
  const told = verify(bad, log)
  expect(told.ok).toBe(false)
  expect(told.said).toContain('被改动')
})
