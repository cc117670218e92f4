// Which reports were sent from this phone, so that a resident finds them again.
import { ref } from 'vue'

export interface Mine {
  code: string
  title: string
  at: number
}
const KEPT = 'cw.mine'

function read(): Mine[] {
  try {
    const v: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]')
    return Array.isArray(v) ? (v as Mine[]) : []
  } catch {
    return [] // a private window remembers nothing
  }
}

export const mine = ref(read())

export function remember(m: Mine): void {
  if (mine.value.some((x) => x.code === m.code)) return
  mine.value = [m, ...read().filter((x) => x.code !== m.code)].sort((a, b) => b.at - a.at).slice(0, 20)
  try {
    localStorage.setItem(KEPT, JSON.stringify(mine.value))
  } catch { /* the code is shown large; it can be written down */ }
}
