// What this phone still has to send, and which code each sent report got: one
// view for every page, so that a report sent after its page was closed is found.
import { computed, ref, shallowRef } from 'vue'
import { type Item, type Outbox, type Snapshot, openOutbox } from '@/part/outbox'
import { remember } from './mine'

const items = shallowRef<Item[]>([])
/** The code each report got, by the id it was kept under. */
export const codes = shallowRef<Record<string, string>>({})
/** The report the form on this page shows by itself. */
export const shown = ref('')
export const online = ref(navigator.onLine)
export const item = computed(() => items.value.find((i) => i.id === shown.value))
export const others = computed(() => items.value.filter((i) => i.id !== shown.value))

let open: Promise<Outbox> | undefined
export function box(): Promise<Outbox> {
  open ??= openOutbox().then((b) => {
    b.watch((s) => void see(b, s))
    return b
  }).catch((e: unknown) => {
    open = undefined
    throw e
  })
  return open
}

async function see(b: Outbox, s: Snapshot): Promise<void> {
  const found: Record<string, string> = {}
  for (const r of await b.receipts()) {
    const code = (r.answer as { code?: unknown } | null)?.code
    if (!r.public || typeof code !== 'string') continue
    found[r.id] = code
    remember({ code, title: r.title, at: r.sentAt })
  }
  codes.value = found // before the item goes, so that nothing flickers in between
  items.value = s.items.filter((i) => i.public)
  online.value = s.online
}

for (const event of ['online', 'offline']) addEventListener(event, () => (online.value = navigator.onLine))
