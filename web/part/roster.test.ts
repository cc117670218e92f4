import { expect, test } from 'vitest'
import type { RosterRules } from '@/client/api'
import { forEditing, nextShift, onlyIn, withoutShift } from './roster'

const need = (...shifts: number[]) => ({ areas: [], place: '', days: 'all' as const, from: '', to: '', shifts, size: 3, licence: 0, driver: 0, language: 0 })
const rules = (...needs: number[][]) => ({ shifts: [{ name: '早', from: '07:30', to: '12:30' }, { name: '午', from: '12:30', to: '18:30' }, { name: '夜', from: '18:30', to: '24:00' }], needs: needs.map((n) => need(...n)) }) as unknown as RosterRules

test('a shift that goes takes no other need along and renames none', () => {
  const r = withoutShift(rules([], [0, 2], [1, 2], [2]), 0)
  expect(r.shifts.map((s) => s.name)).toEqual(['午', '夜'])
  expect(r.needs.map((n) => n.shifts)).toEqual([[], [1], [0, 1], [1]])
})

test('a need of that shift alone goes with it, instead of asking for all shifts', () => {
  const all = rules([], [1], [1, 1], [0, 1])
  expect(onlyIn(all.needs, 1)).toEqual([1, 2])
  expect(withoutShift(all, 1).needs.map((n) => n.shifts)).toEqual([[], [0]])
  expect(all.needs.length, 'the rules themselves are as before').toBe(4)
})

test('another shift follows on the last, and midnight fits a time field', () => {
  const copy = forEditing(rules([]))
  expect(copy.shifts[2].to).toBe('00:00')
  expect(nextShift(copy.shifts, '加')).toEqual({ name: '加', from: '00:00', to: '04:00' })
  expect(nextShift(copy.shifts.slice(0, 2), '加')).toEqual({ name: '加', from: '18:30', to: '22:30' })
})
