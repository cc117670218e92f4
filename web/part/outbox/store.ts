// Where it is kept: one IndexedDB, items apart from bytes, so that a list of a
// thousand items does not read a gigabyte.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { type Draft, type Item, NotKept, type Receipt, type Shot } from './types'

interface Shelves extends DBSchema {
  items: { key: string; value: Item; indexes: { seq: number } }
  shots: { key: string; value: Shot }
  drafts: { key: string; value: Draft }
  receipts: { key: string; value: Receipt; indexes: { sentAt: number } }
}

const receiptsKept = 200

export class Store {
  private constructor(private db: IDBPDatabase<Shelves>, private name: string) {}

  static async open(name: string): Promise<Store> {
    return new Store(await connect(name), name)
  }

  /** with runs fn, and once more on a fresh connection when the browser has dropped ours (iOS does). */
  private async with<T>(fn: (db: IDBPDatabase<Shelves>) => Promise<T>): Promise<T> {
    try {
      return await fn(this.db)
    } catch (e) {
      if (!(e instanceof DOMException) || e.name !== 'InvalidStateError') throw e
      this.db = await connect(this.name)
      return fn(this.db)
    }
  }

  /** add resolves only when item and bytes are durably kept, or throws NotKept. */
  async add(item: Item, shots: Shot[]): Promise<void> {
    try {
      await this.with(async (db) => {
        const tx = db.transaction(['items', 'shots'], 'readwrite')
        for (const s of shots) void tx.objectStore('shots').put(s, s.sha256)
        void tx.objectStore('items').add(item)
        await tx.done
      })
    } catch (e) {
      throw new NotKept(e)
    }
  }

  async items(): Promise<Item[]> {
    return this.with((db) => db.getAllFromIndex('items', 'seq'))
  }
  async item(id: string): Promise<Item | undefined> {
    return this.with((db) => db.get('items', id))
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

  /** finish removes an item, its bytes unless another item or draft needs them, and keeps the receipt. */
  async finish(item: Item, receipt: Receipt | null): Promise<void> {
    await this.with(async (db) => {
      const tx = db.transaction(['items', 'shots', 'drafts', 'receipts'], 'readwrite')
      await tx.objectStore('items').delete(item.id)
      const others = await tx.objectStore('items').getAll()
      const needed = new Set(others.flatMap((i) => i.photos.map((p) => p.sha256)))
      for (const p of item.photos) if (!needed.has(p.sha256)) await tx.objectStore('shots').delete(p.sha256)
      if (receipt) await tx.objectStore('receipts').put(receipt)
      const old = await tx.objectStore('receipts').index('sentAt').getAllKeys()
      for (const key of old.slice(0, Math.max(0, old.length - receiptsKept))) await tx.objectStore('receipts').delete(key)
      await tx.done
    })
  }

  async receipts(): Promise<Receipt[]> {
    return (await this.with((db) => db.getAllFromIndex('receipts', 'sentAt'))).reverse()
  }

  async saveDraft(d: Draft): Promise<void> {
    try {
      await this.with((db) => db.put('drafts', d))
    } catch (e) {
      throw new NotKept(e)
    }
  }
  async drafts(): Promise<Draft[]> {
    return this.with((db) => db.getAll('drafts'))
  }
  async dropDraft(id: string): Promise<void> {
    await this.with((db) => db.delete('drafts', id))
  }
}

async function connect(name: string): Promise<IDBPDatabase<Shelves>> {
  return openDB<Shelves>(name, 1, {
    upgrade(db) {
      db.createObjectStore('items', { keyPath: 'id' }).createIndex('seq', 'seq')
      db.createObjectStore('shots')
      db.createObjectStore('drafts', { keyPath: 'id' })
      db.createObjectStore('receipts', { keyPath: 'id' }).createIndex('sentAt', 'sentAt')
    },
  })
}
