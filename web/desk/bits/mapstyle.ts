// How the county's own base map and the points are drawn.
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style'
import type { FeatureLike } from 'ol/Feature'
import type { CasePoint } from '@/client/api'

const font = (size: number, weight = 500) => `${weight} ${size}px "PingFang SC","HarmonyOS Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif`
const fill = (color: string) => new Fill({ color })
const line = (color: string, width: number, dash?: number[]) => new Stroke({ color, width, lineDash: dash, lineCap: 'round', lineJoin: 'round' })

const plain: Record<string, Style> = {
  land: new Style({ fill: fill('#f4f4ee') }),
  hill: new Style({ fill: fill('#e6ecdf') }),
  block: new Style({ fill: fill('#eceae2') }),
  park: new Style({ fill: fill('#d6e6cd') }),
  square: new Style({ fill: fill('#ede3d2') }),
  river: new Style({ fill: fill('#c4dce4') }),
  boundary: new Style({ stroke: line('#9fb0a8', 1.2, [6, 5]) }),
}
const order: Record<string, number> = { land: 0, hill: 1, block: 2, park: 3, square: 4, river: 5, lane: 6, road: 7, 'road-main': 8, bridge: 9, boundary: 10 }

/** Metres per pixel decide how wide a street is and whether its name fits. */
export function baseStyle(f: FeatureLike, resolution: number): Style[] | Style | undefined {
  const kind = String(f.get('class') ?? '')
  const name = String(f.get('name') ?? '')
  const z = order[kind] ?? 1
  if (kind === 'road-main' || kind === 'road' || kind === 'lane' || kind === 'bridge') {
    const metres = kind === 'road-main' ? 26 : kind === 'road' ? 16 : kind === 'bridge' ? 24 : 8
    const w = Math.max(metres / resolution, kind === 'lane' ? 0.8 : kind === 'road' ? 1.6 : 2.6)
    const text = name && resolution < (kind === 'lane' ? 1.6 : kind === 'road' ? 3 : 6)
      ? new Text({ text: name, font: font(11.5, 400), placement: 'line', fill: fill('#7b827c'), stroke: new Stroke({ color: '#fff', width: 2.5 }), maxAngle: 0.6 })
      : undefined
    const casing = new Style({ stroke: line(kind === 'lane' ? '#e2e0d7' : '#d8d6cb', w + 1.4), zIndex: z })
    const body = new Style({ stroke: line(kind === 'road-main' ? '#fffaf0' : '#ffffff', w), text, zIndex: z + 0.5 })
    return kind === 'lane' && resolution > 6 ? new Style({ stroke: line('#e2e0d7', w), zIndex: z }) : [casing, body]
  }
  if (kind === 'area' || kind === 'area-label') return undefined // the areas layer draws these with today's chiefs
  const s = plain[kind]
  if (!s) return undefined
  s.setZIndex(z)
  if ((kind === 'river' || kind === 'park') && name && resolution < 5) {
    const t = s.clone()
    t.setText(new Text({ text: name, font: font(12), fill: fill(kind === 'river' ? '#5d8797' : '#5f8357'), overflow: true }))
    return t
  }
  return s
}

export function areaStyle(f: FeatureLike, resolution: number, chosen: boolean, over: boolean): Style {
  return new Style({
    fill: fill(chosen ? 'rgba(14,107,92,.10)' : over ? 'rgba(14,107,92,.06)' : 'rgba(255,255,255,.001)'),
    stroke: chosen ? line('#0e6b5c', 2) : line('rgba(14,107,92,.34)', 1, [5, 4]),
    text: resolution < 16
      ? new Text({ text: String(f.get('name') ?? '').replace(/片区$/, ''), font: font(chosen ? 13 : 12, chosen ? 600 : 500), fill: fill(chosen ? '#0a5247' : '#4c6a62'), stroke: new Stroke({ color: 'rgba(255,255,255,.9)', width: 3 }), overflow: false })
      : undefined,
    zIndex: chosen ? 2 : 1,
  })
}

export type PointTone = 'overdue' | 'today' | 'wait' | 'plain' | 'triage' | 'done'
export const pointColours: Record<PointTone, string> = { overdue: '#c63d2f', today: '#d08d28', triage: '#1e2b2a', wait: '#4f6d8a', plain: '#0e6b5c', done: '#7fae91' }
const rank: Record<PointTone, number> = { done: 0, plain: 1, wait: 2, triage: 3, today: 4, overdue: 5 }

/** The worst thing that is true of a case decides its colour. */
export function pointTone(p: Pick<CasePoint, 'flags' | 'state'>): PointTone {
  if (p.flags.includes('overdue')) return 'overdue'
  if (p.flags.includes('due_today')) return 'today'
  if (p.flags.includes('triage')) return 'triage'
  if (p.flags.includes('blocked') || p.flags.includes('to_verify')) return 'wait'
  if (p.flags.includes('open')) return 'plain'
  return 'done'
}

const cache = new Map<string, Style>()
export function pointStyle(tone: PointTone, resolution: number, chosen: boolean): Style[] {
  const r = resolution > 12 ? 3.4 : resolution > 5 ? 4.6 : 6
  const key = `${tone}/${r}`
  let s = cache.get(key)
  if (!s) {
    const f = fill(pointColours[tone])
    const stroke = new Stroke({ color: '#fff', width: 1.4 })
    const image = tone === 'overdue'
      ? new RegularShape({ points: 4, radius: r + 1.8, angle: 0, fill: f, stroke })
      : new Circle({ radius: tone === 'done' ? r - 1 : r, fill: f, stroke })
    s = new Style({ image, zIndex: rank[tone] })
    cache.set(key, s)
  }
  if (!chosen) return [s]
  return [new Style({ image: new Circle({ radius: r + 8, fill: fill('rgba(14,107,92,.16)'), stroke: line('#0e6b5c', 2) }), zIndex: 20 }), (() => { const c = s.clone(); c.setZIndex(21); return c })()]
}
