// My scoring sheets as the phone has them: what the server said last, with what still waits to be sent laid over it.
import { computed, ref, shallowRef } from 'vue'
import { type MarkBody, type Sheet, type SheetLine, type VisitBody, api } from '@/client/api'
import { swift } from '../cache'
import { waiting } from '../store'

export const sheets = shallowRef<Sheet[]>()
export const old = ref(false)
export const loadSheets = () => swift('sheets', api.mySheets, (v, o) => { sheets.value = v; old.value = o })

const held = (round: string, what: 'visits' | 'marks') => waiting.value.items.filter((i) => i.path === `/api/rounds/${round}/${what}`)

/** useSheet is one sheet with what waits laid over it. */
export function useSheet(round: () => string, expert: () => string) {
  const sheet = computed(() => sheets.value?.find((s) => s.round.id === round() && s.expert.id === expert()))
  const visits = computed(() => new Map(held(round(), 'visits').map((i) => [String(i.body.place), (i.body as unknown as VisitBody).findings.length])))
  const marks = computed(() => {
    const m = new Map<string, MarkBody['marks'][number]>()
    for (const i of held(round(), 'marks')) for (const x of (i.body as unknown as MarkBody).marks) m.set(`${x.what}/${x.ref}`, x)
    return m
  })
  const lines = computed<SheetLine[]>(() => (sheet.value?.lines ?? []).map((l) => {
    const own = marks.value.get(`line/${l.line}`)
    return { ...l, ...(own ? { value: own.value, note: own.note, given: own.points } : {}), papers: l.papers.map((p) => { const x = marks.value.get(`paper/${p.requirement}`); return x ? { ...p, value: x.value, note: x.note } : p }) }
  }))
  const spots = computed(() => (sheet.value?.spots ?? []).map((s) => ({ ...s, seen: !!s.visited_at || visits.value.has(s.place.code), waits: visits.value.has(s.place.code), found: s.findings + (visits.value.get(s.place.code) ?? 0) })))
  /** Only the places at which this expert's lines look. */
  const mine = computed(() => spots.value.filter((s) => sheet.value?.kinds.find((k) => k.kind === s.kind)?.lines.length))
  return { sheet, lines, spots, mine }
}

export const judged = (l: SheetLine) => !!l.value || (l.papers.length > 0 && l.papers.every((p) => p.value)) || l.style === 'formula'
