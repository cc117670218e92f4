// What an inspection is while it is being made.
import type { CheckLine } from '@/client/api'
import { L } from '@/part/i18n'

export interface Look {
  line: string
  text: string
  title: string
  checked?: string
  result: 'good' | 'bad' | 'absent' | 'unseen'
  how: '' | 'tap' | 'rest'
  note: string
  photos: string[]
}

/** Counts as they are typed; an empty one is not counted. */
export interface Tally {
  measure: string
  found: string
  base: string
}

/** A line nobody has touched. */
export const blank = (l: CheckLine): Look => ({ line: l.line, text: l.text, title: l.title, checked: l.checked, result: 'unseen', how: '', note: '', photos: [] })

/** body is the command of the contract: every line as it was left, untouched ones as unseen. */
export function body(place: string, purpose: string, looks: Look[], counts: Tally[], note: string): Record<string, unknown> {
  const lines = looks.map((l) => {
    const failed = l.result === 'bad'
    return { line: l.line, result: l.result, how: l.how, ...(failed && l.note.trim() ? { note: l.note.trim() } : {}), ...(failed && l.photos.length ? { photos: l.photos } : {}) }
  })
  const counted = counts.filter((c) => c.found !== '').map((c) => ({ measure: c.measure, found: Number(c.found), base: Number(c.base || 0) }))
  return { place, purpose, lines, counts: counted, photos: [], ...(note.trim() ? { note: note.trim() } : {}), made_at: Date.now() }
}

export const title = (place: string, bad: number) => L(`检查 · ${place}`, `Inspection · ${place}`) + (bad ? L(` · ${bad} 处不合格`, ` · ${bad} failed`) : '')
