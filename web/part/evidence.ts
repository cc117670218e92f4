// How slots and papers are said and coloured.
import type { Paper, Slot } from '@/client/api'
import { L } from './i18n'
import type { Tone } from './say'

export type SlotState = Slot['state']

export const slotStates: SlotState[] = ['empty', 'partly', 'stale', 'full']
export const slotTone: Record<SlotState, Tone> = { full: 'done', partly: 'today', stale: 'wait', empty: 'overdue' }
export const slotSaid = (s: SlotState) => ({ full: L('齐全', 'Complete'), partly: L('不全', 'Partly'), stale: L('过期', 'Too old'), empty: L('空缺', 'Empty') })[s]

export const paperSaid = (s: Paper['state']) => ({ filed: L('待审核', 'To check'), checked: L('已审核', 'Checked'), returned: L('已退回', 'Sent back'), withdrawn: L('已撤下', 'Withdrawn') })[s]
export const paperTone: Record<Paper['state'], Tone> = { filed: 'wait', checked: 'done', returned: 'overdue', withdrawn: 'plain' }

/** Years a paper proves: 2025 or 2024–2026. */
export const yearsSaid = (p: { year: number; to_year: number }) => (p.to_year > p.year ? `${p.year}–${p.to_year}` : String(p.year))

export function sizeSaid(bytes: number): string {
  if (bytes >= 1 << 30) return (bytes / (1 << 30)).toFixed(1) + ' GB'
  if (bytes >= 1 << 20) return (bytes / (1 << 20)).toFixed(1) + ' MB'
  return Math.max(1, Math.round(bytes / 1024)) + ' KB'
}

/** A file's name as a title: no ending, no signs between words. */
export const titleOf = (name: string) => name.replace(/\.[^.]{1,5}$/, '').replace(/[_]+/g, ' ').trim().slice(0, 100)

/** The year a file's name speaks of, if any. */
export function yearOf(name: string, last: number): number | undefined {
  const found = [...name.matchAll(/(?<!\d)(20\d\d)(?!\d)/g)].map((m) => Number(m[1])).filter((y) => y <= last && y >= last - 15)
  return found.length ? Math.max(...found) : undefined
}
