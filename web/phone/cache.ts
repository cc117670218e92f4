// What was read last, kept on the phone so that it can be read without a signal.
import { type IDBPDatabase, openDB } from 'idb'
import { reactive } from 'vue'
import { NotOurs, Offline } from '@/client/api'

let opened: Promise<IDBPDatabase> | undefined
const db = () => (opened ??= openDB('chuangwei-cache', 1, { upgrade: (d) => void d.createObjectStore('kept') }))

/** The line to the server, as the last question found it. */
export const line = reactive({ online: navigator.onLine })
addEventListener('offline', () => (line.online = false))
addEventListener('online', () => (line.online = true))

/** forget empties the cache; another person signs in. */
export async function forget(): Promise<void> {
  await db().then((d) => d.clear('kept')).catch(() => {}) // a cache that cannot be emptied will be overwritten
}

export async function kept<T>(key: string): Promise<T | undefined> {
  return db().then((d) => d.get('kept', key) as Promise<T | undefined>).catch(() => undefined) // a phone that keeps nothing still reads online
}

const keep = (key: string, value: unknown) =>
  db().then((d) => d.put('kept', JSON.parse(JSON.stringify(value)), key)).catch(() => {}) // a full phone can still read online

/** fresh asks the server, and answers from the phone when there is no signal. */
export async function fresh<T>(key: string, ask: () => Promise<T>): Promise<{ value: T; old: boolean }> {
  try {
    const value = await ask()
    line.online = true
    void keep(key, value)
    return { value, old: false }
  } catch (e) {
    if (!(e instanceof Offline) && !(e instanceof NotOurs)) throw e
    line.online = false
    const value = await kept<T>(key)
    if (value === undefined) throw e
    return { value, old: true }
  }
}

/** swift shows what the phone has at once, and what the server says when it has said it. */
export async function swift<T>(key: string, ask: () => Promise<T>, show: (value: T, old: boolean) => void): Promise<void> {
  const before = await kept<T>(key)
  if (before !== undefined) show(before, false)
  const r = await fresh(key, ask)
  show(r.value, r.old)
}

/** prune drops the oldest opened cases; their ids begin with the time they were made. */
export async function prune(most = 300): Promise<void> {
  const keys = await db().then((d) => d.getAllKeys('kept', IDBKeyRange.bound('case:', 'case:~'))).catch(() => [])
  for (const k of keys.slice(0, Math.max(0, keys.length - most))) await (await db()).delete('kept', k)
}
