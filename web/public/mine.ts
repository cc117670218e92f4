// Which reports were sent from this phone, so that a resident finds them again.
export interface Mine {
  code: string
  title: string
  at: number
}
const KEPT = 'cw.mine'

export function mine(): Mine[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Mine[]
  } catch {
    return [] // a private window remembers nothing
  }
}

export function remember(m: Mine): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify([m, ...mine().filter((x) => x.code !== m.code)].slice(0, 20)))
  } catch { /* the code is shown large; it can be written down */ }
}
