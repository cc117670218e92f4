// What every page of the desk knows: who is here, what day it is, the registers, and the live line.
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, whenSignedOut, type Area, type Kind, type Me, type Place, type Ref, type Shapes, type Today, type Unit } from '@/client/api'
import { live, type Line, type Live } from '@/client/live'
import { offerLang, tongue } from '@/part/i18n'
import { todayIs } from '@/part/say'

export const session = reactive({
  me: null as Me | null,
  today: null as Today | null,
  line: 'connecting' as Line,
})

/** Verbs this person may perform somewhere; an empty list from the server hides nothing. */
export const can = (verb: string) => !session.me || session.me.can.length === 0 || session.me.can.includes(verb)
/** For which units this person plans duties: all, the headquarters among them, or those of their posts. */
export const planUnits = computed<'all' | Ref[]>(() => {
  const posts = session.me?.posts ?? []
  if (posts.some((p) => ['executive-deputy', 'dispatcher', 'shift-lead', 'administrator'].includes(p.role))) return 'all'
  const own = posts.flatMap((p) => (p.unit && ['unit-head', 'unit-deputy', 'liaison'].includes(p.role) ? [p.unit] : []))
  return own.filter((u, i) => own.findIndex((x) => x.id === u.id) === i)
})
export const plansUnits = computed(() => planUnits.value === 'all' || planUnits.value.length > 0)
/** In which areas this person plans duties whatever unit they are of: those of a chief. */
export const planAreas = computed(() => (session.me?.posts ?? []).flatMap((p) => (p.role === 'chief' && p.area ? [p.area.id] : [])))
/** The county's short name: "青溪县", also when the server says "青溪县创卫指挥部". */
export const county = computed(() => (session.today?.county ?? '').replace(/(创卫|创建.*)?(指挥部|中心|办公室)$/, ''))
/** Who signs documents. */
export const headquarters = computed(() => {
  const full = session.today?.county ?? ''
  return /指挥部$/.test(full) ? full : full + '创建国家卫生县城指挥部'
})

export function toSign(): void {
  const next = encodeURIComponent(location.pathname + location.search)
  location.assign(`/sign?next=${next}`)
}
whenSignedOut(toSign)

export async function loadDay(): Promise<void> {
  const t = await api.today()
  session.today = t
  todayIs(t.on)
}

export async function start(): Promise<void> {
  const [me] = await Promise.all([api.me(), loadDay()])
  session.me = me
  offerLang(me.lang)
  listen()
}

// --- live ---------------------------------------------------------------

/** Grows by one, at most once a second, when anything changed. Pages watch it and load again quietly. */
export const pulse = ref(0)
let line: Live | null = null
let due = 0

function beat(): void {
  if (due) return
  due = window.setTimeout(() => {
    due = 0
    pulse.value++
  }, 1000)
}

function listen(): void {
  line?.close()
  line = live(beat, (state, missed) => {
    session.line = state
    if (state === 'open' && missed) beat()
  })
}

// What the server says comes again in the other language.
watch(() => tongue.lang, () => {
  pulse.value++
  loadDay().catch(() => undefined)
})

// A new day begins on an open screen too.
window.setInterval(() => {
  loadDay().then(beat).catch(() => undefined)
}, 10 * 60 * 1000)

// --- registers ----------------------------------------------------------

function once<T>(load: () => Promise<T>) {
  const value = shallowRef<T | null>(null)
  let going: Promise<T> | null = null
  const get = (): Promise<T> => {
    going ??= load().then((v) => (value.value = v)).catch((e: unknown) => {
      going = null
      throw e
    })
    return going
  }
  const forget = () => {
    going = null
  }
  return { value, get, forget }
}

const kindsOnce = once<Kind[]>(api.kinds)
const unitsOnce = once<Unit[]>(api.units)
const areasOnce = once<Area[]>(api.areas)
const placesOnce = once<Place[]>(api.places)
const baseOnce = once<Shapes>(api.baseMap)
const shapesOnce = once<Shapes>(() => api.areaShapes())

export const registers = {
  kinds: kindsOnce.value, units: unitsOnce.value, areas: areasOnce.value, places: placesOnce.value,
  loadKinds: kindsOnce.get, loadUnits: unitsOnce.get, loadAreas: areasOnce.get, loadPlaces: placesOnce.get,
  loadBase: baseOnce.get, loadShapes: shapesOnce.get,
  /** Outlines have changed here: the next map asks again. */
  forgetShapes: () => {
    shapesOnce.forget()
    areasOnce.forget()
  },
}
