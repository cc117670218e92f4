// What was read last, kept on the phone so that it can be read without a signal.
import { type IDBPDatabase, openDB } from 'idb'
import { NotOurs, Offline } from '@/client/api'

let opened: Promise<IDBPDatabase> | undefined
const db = () => (opened ??= openDB('chuangwei-cache', 1, { upgrade: (d) => void d.createObjectStore('kept') }))

/** forget empties the cache; another person signs in. */
export async function forget(): Promise<void> {
  await (await db()).clear('kept').catch(() => {}) // a cache that cannot be emptied will be overwritten
}

export async function kept<T>(key: string): Promise<T | undefined> {
  return (await db()).get('kept', key).catch(() => undefined)
}

/** fresh asks the server, and answers from the phone when there is no signal. */
export async function fresh<T>(key: string, ask: () => Promise<T>): Promise<{ value: T; old: boolean }> {
  try {
    const value = await ask()
    void (await db()).put('kept', JSON.parse(JSON.stringify(value)), key).catch(() => {}) // a full phone can still read online
    return { value, old: false }
  } catch (e) {
    if (!(e instanceof Offline) && !(e instanceof NotOurs)) throw e
    const value = await kept<T>(key)
    if (value === undefined) throw e
    return { value, old: true }
  }
}
