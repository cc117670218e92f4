// How assessments are said: sorts of round, verdicts, styles, turns.
import type { Round } from '@/client/api'
import { type Both, say } from './i18n'
import type { Tone } from './say'

const kinds: Record<Round['kind'], Both> = { self: ['自评', 'Self-assessment'], mock: ['模拟评估', 'Mock'], city: ['州市级评估', 'City-level'], provincial: ['省级技术评估', 'Provincial'], review: ['复审', 'Re-review'] }
const states: Record<Round['state'], Both> = { planned: ['待开始', 'Planned'], judging: ['评估中', 'Under way'], finished: ['已结束', 'Finished'] }
const verdicts: Record<string, Both> = { passed: ['达到合格线', 'Passes'], failed: ['未达合格线', 'Fails'], undecided: ['还不能定', 'Undecided'], unknown: ['没有合格线', 'No line to pass'] }
const styles: Record<string, Both> = { banded: ['分档', 'Banded'], finding: ['按处扣分', 'Per finding'], paper: ['按资料扣分', 'Per paper'], formula: ['按数据计算', 'By data'], veto: ['一票否决', 'Veto'] }
const turns: Record<string, Both> = { again: ['两次都失分', 'Lost again'], new: ['这次新失分', 'Newly lost'], won: ['已挽回', 'Won back'], kept: ['两次都满分', 'Full both times'], open: ['无法对比', 'Not comparable'] }
const outcomes: Record<string, Both> = { case: ['已立案', 'Case'], linked: ['已关联', 'Linked'], none: ['不立案', 'No case'] }

const word = (of: Record<string, Both>) => (k: string) => (of[k] ? say(of[k]) : k)
export const roundKind = word(kinds)
export const roundState = word(states)
export const verdictName = word(verdicts)
export const styleName = word(styles)
export const turnName = word(turns)
export const outcomeName = word(outcomes)
export const allRoundKinds = Object.keys(kinds) as Round['kind'][]
export const verdictTone = (v?: string): Tone => (v === 'passed' ? 'done' : v === 'failed' ? 'overdue' : 'today')
export const turnTone: Record<string, string> = { again: 'tone-overdue', new: 'tone-today', won: 'tone-done', kept: '', open: '' }

/** Points as the server says them, "780.4", as a number to compare and draw by. */
export const pts = (s?: string) => Number(s ?? 0)
/** At most one decimal, as people say points. */
export const point1 = (s?: string | number) => (Math.round(Number(s ?? 0) * 10) / 10).toString()
