// How a duty is said in few words, on the phone and at the desk.
import type { Duty } from '@/client/api'
import { L } from '@/part/i18n'
import { clockOf, dayText, today } from '@/part/say'

/** hoursText is 08:00–14:00, with a mark when it ends on the next day. */
export function hoursText(d: Pick<Duty, 'from_at' | 'to_at'>): string {
  const night = clockOf(d.to_at) < clockOf(d.from_at) ? L('次日', 'next day ') : ''
  return `${clockOf(d.from_at)}–${night}${clockOf(d.to_at)}`
}

export const whenText = (d: Pick<Duty, 'on' | 'from_at' | 'to_at'>) => `${d.on === today() ? L('今天', 'Today') : dayText(d.on)} ${hoursText(d)}`

/** isOn says whether the crew is there at this moment. */
export const isOn = (d: Pick<Duty, 'from_at' | 'to_at' | 'cancelled'>, at = Date.now()) => !d.cancelled && d.from_at <= at && at < d.to_at

/** fewer is what it means to excuse somebody whom nobody replaces. */
export const fewer = () => L('同意（少 1 人，不顶替）', 'Grant (one fewer, nobody instead)')

/** What a team brings into the form of a duty. */
export interface Brought { kind: string; name: string; unit: string; area: string; place: string; leader: string[]; people: string[] }

/** refill puts what a team brings in the place of what the former one brought; what somebody typed stays. */
export function refill(now: Brought, former: Brought, next: Brought): Brought {
  const own = <K extends 'kind' | 'name' | 'unit'>(k: K) => (now[k] === former[k] ? next[k] : now[k])
  const there = now.area === former.area && now.place === former.place ? next : now
  const added = now.people.filter((p) => !former.people.includes(p) && !next.people.includes(p))
  return {
    kind: own('kind'), name: own('name'), unit: own('unit'), area: there.area, place: there.place,
    leader: String(now.leader) === String(former.leader) ? next.leader : now.leader, people: [...next.people, ...added],
  }
}
