// Walk 8: somebody without access to the server checks an exported log, and is
// told the first event that was altered.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Someone } from './county'

const verify = (file: string, key: string): { ok: boolean; said: string } => {
  try {
    return { ok: true, said: execFileSync('../.tools/chuangwei', ['verify', file, ...(key ? ['--key', key] : [])], { encoding: 'utf8' }) }
  } catch (e) {
    const failed = e as { stdout?: string; stderr?: string }
    return { ok: false, said: `${failed.stdout ?? ''}${failed.stderr ?? ''}` }
  }
}

test('a stranger confirms the log, and the first altered event is named', async ({ playwright }) => {
  const commander = await Someone.named(playwright, 'zhihui')
  await expect.poll(async () => (await commander.calls.get('/api/proof/checkpoint')).status(), { timeout: 60_000 }).toBe(200)
  const dir = mkdtempSync(join(tmpdir(), 'chuangwei-proof-'))
  const good = join(dir, 'log.ndjson')
  writeFileSync(good, await (await commander.calls.get('/api/proof/export')).body())
  expect(verify(good, '')).toMatchObject({ ok: true })

  const lines = readFileSync(good, 'utf8').split('\n')
  const key = (JSON.parse(lines[0]) as { verifier_key: string }).verifier_key
  expect(verify(good, key)).toMatchObject({ ok: true })
  expect(verify(good, key.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))).ok).toBe(false)

  const at = lines.findIndex((l) => l.includes('"kind":"case.reported"') && l.includes('\\"note\\":\\"'))
  const { seq } = JSON.parse(lines[at]) as { seq: number }
  lines[at] = lines[at].replace('\\"note\\":\\"', '$&改')
  const bad = join(dir, 'altered.ndjson')
  writeFileSync(bad, lines.join('\n'))
  const told = verify(bad, '')
  expect(told.ok).toBe(false)
  expect(told.said).toContain(String(seq))

  const owner = await Someone.named(playwright, 'zeren')
  expect((await owner.calls.get('/api/proof/export')).status()).toBe(403)
})
