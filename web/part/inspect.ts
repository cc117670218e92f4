// How inspections are said: purposes, results, rhythms, grades, posts.
import { type Both, say } from './i18n'

const purposes: Record<string, Both> = { round: ['日常检查', 'Round'], walk: ['走访', 'Walk'], self: ['自查', 'Self-check'] }
const results: Record<string, Both> = { good: ['合格', 'Good'], bad: ['不合格', 'Fails'], absent: ['不涉及', 'Not applicable'], unseen: ['未看', 'Not looked at'] }
const rhythms: Record<string, Both> = { day: ['每天', 'Every day'], working_day: ['每个工作日', 'Every working day'], market_day: ['每个街天', 'Every market day'], week: ['每周', 'Every week'], month: ['每月', 'Every month'] }
const grades: Record<string, Both> = { A: ['A级', 'A'], B: ['B级', 'B'], C: ['C级', 'C'], over: ['超过C级', 'Not even C'], ungraded: ['还不能定级', 'Not graded yet'] }
const posts: Record<string, Both> = {
  inspector: ['巡查员', 'Inspectors'], 'market-team': ['市场驻点队', 'Market team'], enforcement: ['联合执法队', 'Enforcement team'], 'grid-member': ['网格员', 'Grid members'], chief: ['片长', 'Area chiefs'],
  verifier: ['核查员', 'Verifiers'], 'unit-head': ['单位主要负责人', 'Unit heads'], 'unit-deputy': ['分管负责人', 'Deputy heads'], liaison: ['联络员', 'Liaisons'], owner: ['责任人', 'Owners'],
}
const word = (of: Record<string, Both>) => (k: string) => (of[k] ? say(of[k]) : k)
export const purposeName = word(purposes)
export const resultName = word(results)
export const gradeName = word(grades)
export const postName = word(posts)
export const allRhythms = Object.keys(rhythms)
export const planPosts = Object.keys(posts)
export const allPurposes = Object.keys(purposes)

/** "每周 2 次". */
export const rhythmName = (every: string, times = 1) => word(rhythms)(every) + (times > 1 ? say([` ${times} 次`, ` × ${times}`]) : '')
export const gradeTone = (g: string) => (g === 'over' ? 'tone-overdue' : g === 'ungraded' ? '' : 'tone-done')
/** A share in whole per cent, never rounded up to all. */
export const share = (n: number, of: number) => (of ? Math.min(Math.round((n / of) * 100), n < of ? 99 : 100) : 0)
