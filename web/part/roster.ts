// What belongs together in the rules of a roster, kept together when they are edited.
import type { RosterRules } from '@/client/api'

/** forEditing is a copy with times as a time field can hold them: midnight ends a shift as 00:00. */
export function forEditing(rules: RosterRules): RosterRules {
  const copy = JSON.parse(JSON.stringify(rules)) as RosterRules
  for (const s of copy.shifts) if (s.to === '24:00') s.to = '00:00'
  return copy
}

/** onlyIn lists, by their places, the needs that name a shift and no other. */
export const onlyIn = (needs: RosterRules['needs'], shift: number) => needs.flatMap((n, i) => (n.shifts.length && n.shifts.every((s) => s === shift) ? [i] : []))

/** withoutShift takes a shift out. Needs name shifts by their places: later ones move up, and a need of that shift alone goes with it. */
export function withoutShift(rules: RosterRules, gone: number): Pick<RosterRules, 'shifts' | 'needs'> {
  const lost = onlyIn(rules.needs, gone)
  return {
    shifts: rules.shifts.filter((_, i) => i !== gone),
    needs: rules.needs.filter((_, i) => !lost.includes(i)).map((n) => ({ ...n, shifts: n.shifts.filter((s) => s !== gone).map((s) => (s > gone ? s - 1 : s)) })),
  }
}

/** nextShift follows on the last one for four hours. */
export function nextShift(shifts: RosterRules['shifts'], name: string): RosterRules['shifts'][number] {
  const from = shifts.at(-1)?.to || '18:30'
  return { name, from, to: `${String((Number(from.slice(0, 2)) + 4) % 24).padStart(2, '0')}${from.slice(2)}` }
}
