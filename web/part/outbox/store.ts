// Where it is kept: one IndexedDB, items apart from bytes, so that a list of a
// thousand items does not read a gigabyte.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { type Draft, type Item, NotKept, type Receipt, type Shot } from './types'

interface Shelves extends DBSchema {
  items: { key: string; value: Item; indexes: { seq: number; photo: string } }
  shots: { key: string; value: Shot }
  drafts: { key: string; value: Draft }
  receipts: { key: string; value: Receipt; indexes: { sentAt: number } }
}

const receiptsKept = 200
/** Browsers may call a write done before it is on the disk; a command and a draft must be. */
const onDisk = { durability: 'strict' } as const
/** What a browser says when it has dropped the connection (iOS after a pause, anybody after clearing data). */
const dropped = ['InvalidStateError', 'UnknownError']

export class Store {
  private constructor(private db: IDBPDatabase<Shelves>, private name: string) {}

  static async open(name: string): Promise<Store> {
    return new Store(await connect(name), name)
  }

  /** with runs fn, and once more on a fresh connection when the browser has dropped ours. */
  private async with<T>(fn: (db: IDBPDatabase<Shelves>) => Promise<T>): Promise<T> {
    try {
      return await fn(this.db)
    } catch (e) {
      if (!(e instanceof DOMException) || !dropped.includes(e.name)) throw e
      this.db.close()
      this.db = await connect(this.name)
      return fn(this.db)
    }
  }

  /** add resolves only when item and bytes are on the disk, all or nothing, or throws NotKept. */
  async add(item: Item, shots: Shot[]): Promise<void> {
    await kept(this.with(async (db) => {
      const tx = db.transaction(['items', 'shots'], 'readwrite', onDisk)
      try {
        const puts = shots.map((s) => tx.objectStore('shots').put(s, s.sha256))
        await Promise.all([...puts, tx.objectStore('items').put(item), tx.done])
      } catch (e) {
        abort(tx)
        await tx.done.catch(() => {})
        throw tx.error ?? e
      }
    }))
  }

  async items(): Promise<Item[]> {
    return this.with((db) => db.getAllFromIndex('items', 'seq'))
  }
  async ids(): Promise<string[]> {
    return this.with((db) => db.getAllKeysFromIndex('items', 'seq'))
  }
  async item(id: string): Promise<Item | undefined> {
    return this.with((db) => db.get('items', id))
  }
  /** lastSeq is the place in the order of the newest item, 0 when there is none. */
  async lastSeq(): Promise<number> {
    return this.with(async (db) => (await db.transaction('items').store.index('seq').openKeyCursor(null, 'prev'))?.key ?? 0)
  }
  /** put keeps a change of an item, unless a person has discarded it meanwhile. */
  async put(item: Item): Promise<void> {
    await this.with(async (db) => {
      const tx = db.transaction('items', 'readwrite')
      if (await tx.store.getKey(item.id)) await tx.store.put(item)
      await tx.done
    })
  }
  async shot(sum: string): Promise<Shot | undefined> {
    return this.with((db) => db.get('shots', sum))
  }

  /** finish removes an item, its bytes unless another item needs them, and keeps the receipt. */
  async finish(item: Item, receipt: Receipt | null): Promise<void> {
    await this.with(async (db) => {
      const tx = db.transaction(['items', 'shots', 'receipts'], 'readwrite')
      const items = tx.objectStore('items')
      const receipts = tx.objectStore('receipts')
      await items.delete(item.id)
      for (const p of item.photos) {
        if (!(await items.index('photo').getKey(p.sha256))) await tx.objectStore('shots').delete(p.sha256)
      }
      if (receipt) await receipts.put(receipt)
      const surplus = (await receipts.count()) - receiptsKept
      if (surplus > 0) for (const key of await receipts.index('sentAt').getAllKeys(null, surplus)) await receipts.delete(key)
      await tx.done
    })
  }

  async receipts(): Promise<Receipt[]> {
    return (await this.with((db) => db.getAllFromIndex('receipts', 'sentAt'))).reverse()
  }

  async saveDraft(d: Draft): Promise<void> {
    await kept(this.with(async (db) => {
      const tx = db.transaction('drafts', 'readwrite', onDisk)
      await Promise.all([tx.store.put(d), tx.done])
    }))
  }
  async drafts(): Promise<Draft[]> {
    return this.with((db) => db.getAll('drafts'))
  }
  async dropDraft(id: string): Promise<void> {
    await this.with((db) => db.delete('drafts', id))
  }
}

async function kept(write: Promise<void>): Promise<void> {
  try {
    await write
  } catch (e) {
    throw new NotKept(e)
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch { /* the browser has done so already */ }
}

async function connect(name: string): Promise<IDBPDatabase<Shelves>> {
  return openDB<Shelves>(name, 2, {
    upgrade(db, from, _to, tx) {
      if (from < 1) {
        db.createObjectStore('items', { keyPath: 'id' }).createIndex('seq', 'seq')
        db.createObjectStore('shots')
        db.createObjectStore('drafts', { keyPath: 'id' })
        db.createObjectStore('receipts', { keyPath: 'id' }).createIndex('sentAt', 'sentAt')
      }
      tx.objectStore('items').createIndex('photo', 'body.photos', { multiEntry: true })
    },
    blocking: (_now, _next, e) => (e.target as IDBDatabase).close(), // a newer page waits for us
  })
}
