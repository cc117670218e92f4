// The places close to a position, from the list on the phone.
import type { Place } from '@/client/api'
import type { Shot } from '@/part/outbox/types'

export interface Spot { lat: number; lon: number; accuracy?: number }

/** metres between two positions, flat: right for the few kilometres of a town. */
export function metres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const k = 111_195
  return Math.hypot((a.lat - b.lat) * k, (a.lon - b.lon) * k * Math.cos((a.lat * Math.PI) / 180))
}

export type Near = Place & { metres: number }

export function nearest(places: Place[], here: { lat: number; lon: number }, n = 8): Near[] {
  return places.map((p) => ({ ...p, metres: metres(here, p) })).sort((a, b) => a.metres - b.metres).slice(0, n)
}

export function find(places: Place[], words: string, n = 30): Place[] {
  const w = words.trim()
  if (!w) return []
  return places.filter((p) => p.name.includes(w) || p.address?.includes(w) || p.code === w.toUpperCase()).slice(0, n)
}

/** spotOf is where the photos were taken; pictures from the gallery that do not say so prove nothing about here. */
export function spotOf(shots: Shot[], here: Spot | undefined): Spot | undefined {
  const told = shots.find((s) => s.lat !== undefined && s.lon !== undefined)
  if (told) return { lat: told.lat!, lon: told.lon!, ...(told.accuracy !== undefined ? { accuracy: told.accuracy } : {}) }
  return shots.length && shots.every((s) => s.source === 'gallery') ? undefined : here
}
