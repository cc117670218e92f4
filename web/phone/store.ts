// What the whole phone app shares: who is signed in, the day, the registers for
// offline use, and the outbox.
import { computed, reactive, ref, shallowRef } from 'vue'
import { type Area, type Checklist, type Kind, type Me, type Place, Problem, type Today, type Unit, api } from '@/client/api'
import { offerLang } from '@/part/i18n'
import { dayOf, todayIs } from '@/part/say'
import { type Outbox, type Snapshot, openOutbox } from '@/part/outbox'
import { forget, fresh, kept, line, prune, swift } from './cache'

export { line }
export const me = shallowRef<Me>()
export const day = shallowRef<Today>()
export const kinds = shallowRef<Kind[]>([])
export const places = shallowRef<Place[]>([])
export const units = shallowRef<Unit[]>([])
export const areas = shallowRef<Area[]>([])
export const checklists = shallowRef<Checklist[]>([])
export const box = shallowRef<Outbox>()
export const waiting = shallowRef<Snapshot>({ items: [], online: true, sent: 0, total: 0 })
/** The session has ended while the app was open; nothing is lost by going on. */
export const signedOut = ref(false)

export const can = (verb: string) => me.value?.can.includes(verb) ?? false
export const holds = (...roles: string[]) => me.value?.posts.some((p) => roles.includes(p.role)) ?? false
/** Cases with a step that still waits on this phone. */
export const pending = computed(() => new Set(waiting.value.items.map((i) => i.about).filter(Boolean)))

/** begin opens the outbox first: nothing that waits may depend on the rest. */
export async function begin(): Promise<void> {
  if (!box.value) {
    box.value = await openOutbox()
    waiting.value = { ...waiting.value, items: await box.value.list() } // never "all sent" before we have looked
    box.value.watch((s) => (waiting.value = s))
  }
  me.value = await kept<Me>('me')
  if (me.value) {
    await Promise.all(registers.map((r) => r.kept())) // all of it, or the page would jump
    void who().catch(() => {}) // known already: open at once, look again meanwhile
  } else await who()
  for (const r of registers) void r.fresh()
  if (can('inspection.make')) await lists.kept().then(() => void lists.fresh())
  void prune()
}

async function who(): Promise<void> {
  const known = me.value?.id
  try {
    await swift('me', () => api.me(true), (v) => (me.value = v))
  } catch (e) {
    if (!(e instanceof Problem && e.status === 401)) throw e
    if (!known) await api.me() // goes to the sign-in page
    signedOut.value = true
    return
  }
  if (me.value) offerLang(me.value.lang)
  if (known && me.value && known !== me.value.id) { // somebody else's phone now
    await forget()
    location.reload()
  }
}

const registers = [
  register('day', api.today, (v, old) => { if (!old || v.on === dayOf(Date.now())) { day.value = v; todayIs(v.on) } }), // yesterday's answer is no answer
  register('kinds', api.kinds, (v) => (kinds.value = v)),
  register('places', api.places, (v) => (places.value = v)),
  register('units', api.units, (v) => (units.value = v)),
  register('areas', api.areas, (v) => (areas.value = v)),
]

/** What inspectors look at; others need not carry it. */
const lists = register('checklists', api.checklists, (v) => (checklists.value = v))

/** Without a register the screens still work, with less to choose from. */
function register<T>(key: string, ask: () => Promise<T>, put: (v: T, old: boolean) => void) {
  return {
    kept: () => kept<T>(key).then((v) => { if (v !== undefined) put(v, true) }),
    fresh: () => fresh(key, ask).then((r) => put(r.value, r.old), () => {}),
  }
}

const sizes = [1, 1.25, 1.5]
const SIZE = 'cw.size'
export const text = reactive({ size: 1 })
/** setSize scales everything, not only letters: targets grow with the text. */
export function setSize(n: number): void {
  text.size = sizes.includes(n) ? n : 1
  try {
    localStorage.setItem(SIZE, String(text.size))
  } catch { /* private window: the choice lasts as long as the page */ }
  const root = document.documentElement.style
  root.setProperty('zoom', String(text.size))
  root.setProperty('--z', String(text.size)) // a zoomed page's 100vh is taller than the screen
}
function chosenSize(): number {
  try {
    return Number(localStorage.getItem(SIZE)) || 1
  } catch {
    return 1
  }
}
setSize(chosenSize())
