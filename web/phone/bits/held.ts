// What the outbox holds of photos, to be shown and to be worked on again.
import { openDB } from 'idb'
import type { Item, Outbox, Shot } from '@/part/outbox'

/** heldShots reads the photos of an item that has not gone out; read only, the outbox alone writes there. */
export async function heldShots(item: Item): Promise<Shot[]> {
  if (!item.photos.length) return []
  const db = await openDB('chuangwei-outbox')
  try {
    const all = await Promise.all(item.photos.map((p) => db.get('shots', p.sha256) as Promise<Shot | undefined>))
    return all.filter((s): s is Shot => !!s)
  } catch {
    return [] // shown without pictures
  } finally {
    db.close()
  }
}

/** reopen makes a report that could not be sent a draft again; the draft is kept before the item goes. */
export async function reopen(box: Outbox, item: Item): Promise<void> {
  const { text, kind, place } = item.body
  await box.saveDraft({ id: item.id, form: 'report', body: { text, kind, place }, shots: await heldShots(item), savedAt: Date.now() })
  await box.discard(item.id)
}
