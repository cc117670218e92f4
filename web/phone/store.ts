// What the whole phone app shares: who is signed in, the day, the registers for
// offline use, and the outbox.
import { computed, reactive, shallowRef } from 'vue'
import { type Area, type Kind, type Me, type Place, type Today, type Unit, api } from '@/client/api'
import { todayIs } from '@/part/say'
import { type Outbox, type Snapshot, openOutbox } from '@/part/outbox'
import { fresh } from './cache'

export const me = shallowRef<Me>()
export const day = shallowRef<Today>()
export const kinds = shallowRef<Kind[]>([])
export const places = shallowRef<Place[]>([])
export const units = shallowRef<Unit[]>([])
export const areas = shallowRef<Area[]>([])
export const box = shallowRef<Outbox>()
export const waiting = shallowRef<Snapshot>({ items: [], online: true, sent: 0, total: 0 })
export const line = reactive({ online: navigator.onLine })

export const can = (verb: string) => me.value?.can.includes(verb) ?? false
export const holds = (...roles: string[]) => me.value?.posts.some((p) => roles.includes(p.role)) ?? false
/** Cases with a step that still waits on this phone. */
export const pending = computed(() => new Set(waiting.value.items.map((i) => i.about).filter(Boolean)))

/** begin opens the outbox first: nothing that waits may depend on the rest. */
export async function begin(): Promise<void> {
  for (const e of ['online', 'offline']) addEventListener(e, () => (line.online = navigator.onLine))
  box.value = await openOutbox()
  box.value.watch((s) => (waiting.value = s))
  me.value = (await fresh('me', () => api.me())).value
  void load('day', api.today, (v) => { day.value = v; todayIs(v.on) })
  await Promise.all([
    load('kinds', api.kinds, (v) => (kinds.value = v)),
    load('places', api.places, (v) => (places.value = v)),
    load('units', api.units, (v) => (units.value = v)),
    load('areas', api.areas, (v) => (areas.value = v)),
  ])
}

/** load fills one register; without it the screens still work, with less to choose from. */
async function load<T>(key: string, ask: () => Promise<T>, put: (v: T) => void): Promise<void> {
  await fresh(key, ask).then((r) => put(r.value), () => {})
}

const sizes = [1, 1.25, 1.5]
const SIZE = 'cw.size'
export const text = reactive({ size: Number(localStorage.getItem(SIZE)) || 1 })
export function setSize(n: number): void {
  text.size = sizes.includes(n) ? n : 1
  localStorage.setItem(SIZE, String(text.size))
  document.documentElement.style.setProperty('zoom', String(text.size))
}
setSize(text.size)
