// The places close to a position, from the list on the phone.
import type { Place } from '@/client/api'

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
  const w = words.trim().toUpperCase()
  if (!w) return []
  return places.filter((p) => p.name.includes(words.trim()) || p.address?.includes(words.trim()) || p.code === w).slice(0, n)
}
