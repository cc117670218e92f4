// The outbox: one way in for every command of phone and public pages. What it
// has taken is kept until the server has proved that it has it.
import { uuidv7 } from '@/client/api'
import { tongue } from '@/part/i18n'
import { type End, type Line, sendItem } from './send'
import { Store } from './store'
import type { Draft, Item, NewItem, PhotoState, Receipt, Snapshot } from './types'

export * from './types'

export interface Options {
  name?: string
  fetch?: typeof fetch
  now?: () => number
  random?: () => number
  chunk?: number
}

/** Pauses between tries: 2 s doubling to 5 min, each ±25 % so that a thousand phones do not knock at once. */
export function pause(tries: number, random: number): number {
  return Math.min(2000 * 2 ** Math.min(tries, 12), 300_000) * (0.75 + random / 2)
}

export class Outbox {
  private watchers = new Set<(s: Snapshot) => void>()
  private running: Promise<void> | undefined
  private again = false
  private signIn = false
  private noLine = 0 // failed rounds in a row
  private quietUntil = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly line: Line

  constructor(private store: Store, private o: Required<Omit<Options, 'name'>>) {
    this.line = {
      fetch: (...a) => this.o.fetch(...a), now: o.now, language: () => tongue.lang, chunk: o.chunk,
      shot: (sum) => this.store.shot(sum), progress: async () => {},
    }
  }

  /** put resolves with the id once everything is durably on the phone; it throws NotKept when it could not be. */
  async put(n: NewItem): Promise<string> {
    const shots = n.shots ?? []
    const now = this.o.now()
    const photos: PhotoState[] = shots.map((s) => ({ sha256: s.sha256, size: s.bytes.byteLength, sent: 0, uploadUrl: '', confirmed: false }))
    const item: Item = {
      id: uuidv7(now), title: n.title, path: n.path, body: shots.length ? { ...n.body, photos: shots.map((s) => s.sha256) } : n.body,
      about: n.about ?? '', public: n.public ?? false, photos, madeAt: now, seq: await this.nextSeq(), state: 'waiting',
      tries: 0, nextAt: 0, sent: 0, total: photos.reduce((sum, p) => sum + p.size, 0),
    }
    void globalThis.navigator?.storage?.persist?.() // asks the browser not to clear us; it may say no
    await this.store.add(item, shots)
    await this.tell()
    this.flush()
    return item.id
  }

  private async nextSeq(): Promise<number> {
    const items = await this.store.items()
    return Math.max(this.o.now(), (items.at(-1)?.seq ?? 0) + 1)
  }

  list = (): Promise<Item[]> => this.store.items()
  receipts = (): Promise<Receipt[]> => this.store.receipts()
  saveDraft = (d: Draft): Promise<void> => this.store.saveDraft(d)
  drafts = (): Promise<Draft[]> => this.store.drafts()
  dropDraft = (id: string): Promise<void> => this.store.dropDraft(id)

  watch(fn: (s: Snapshot) => void): () => void {
    this.watchers.add(fn)
    void this.tell()
    return () => this.watchers.delete(fn)
  }

  private async tell(): Promise<void> {
    const items = await this.store.items()
    const sum = (f: (i: Item) => number) => items.reduce((n, i) => n + f(i), 0)
    const s = { items, online: globalThis.navigator?.onLine ?? true, sent: sum((i) => i.sent), total: sum((i) => i.total) }
    for (const fn of this.watchers) fn(s)
  }

  /** retry sends an item now, whatever held it back. */
  async retry(id: string): Promise<void> {
    const item = await this.store.item(id)
    if (!item) return
    await this.store.put({ ...item, state: 'waiting', problem: undefined, tries: 0, nextAt: 0 })
    await this.tell()
    this.flush()
  }

  /** discard is the person's own decision to give an item up. */
  async discard(id: string): Promise<void> {
    const item = await this.store.item(id)
    if (item) await this.store.finish(item, null)
    await this.tell()
  }

  /** flush starts sending; calling it often is harmless. */
  flush(): void {
    this.signIn = false
    this.quietUntil = 0
    void this.run()
  }

  /** run sends what is due, one tab at a time, and resolves when nothing more can be sent now. */
  run(): Promise<void> {
    this.again = true
    this.running ??= this.rounds().finally(() => { this.running = undefined })
    return this.running
  }

  private async rounds(): Promise<void> {
    while (this.again) {
      this.again = false
      await exclusively(() => this.round())
    }
    await this.wake()
  }

  private async round(): Promise<void> {
    if (this.quietUntil > this.o.now()) return
    const held = new Set<string>() // cases whose earlier step has not gone out yet
    for (const { id } of await this.store.items()) {
      const item = await this.store.item(id) // it may have changed meanwhile
      if (!item || this.signIn && !item.public) continue
      if (item.state === 'needs_you') continue // parked; it must not hold up anything
      if (held.has(item.about) || item.nextAt > this.o.now()) {
        if (item.about) held.add(item.about)
        continue
      }
      const end = await this.attempt(item)
      if (end.kind === 'no_line') { // trying the others would only change their order
        this.quietUntil = this.o.now() + pause(this.noLine++, this.o.random())
        return
      }
      this.noLine = 0
      if (end.kind !== 'done' && item.about) held.add(item.about)
    }
  }

  /** attempt sends one item once. */
  private async attempt(item: Item): Promise<End> {
    item.state = 'sending'
    await this.store.put(item)
    await this.tell()
    const line = { ...this.line, progress: async () => this.progress(item) }
    const end = await sendItem(item, line)
    if (end.kind === 'photos') {
      this.resend(item, end.sums)
      this.again = true
    }
    await this.settle(item, end)
    await this.tell()
    return end
  }

  private async progress(item: Item): Promise<void> {
    item.sent = item.photos.reduce((n, p) => n + p.sent, 0)
    await this.store.put(item)
    await this.tell()
  }

  /** resend forgets what we believed of photos the server says it lacks. */
  private resend(item: Item, sums: string[]): void {
    for (const p of item.photos) if (sums.includes(p.sha256)) Object.assign(p, { confirmed: false, uploadUrl: '', sent: 0 })
  }

  private async settle(item: Item, end: End): Promise<void> {
    if (end.kind === 'done') {
      await this.store.finish(item, { id: item.id, title: item.title, about: item.about, sentAt: this.o.now(), answer: end.answer })
      return
    }
    item.state = end.kind === 'fatal' ? 'needs_you' : end.kind === 'sign_in' ? 'needs_sign_in' : 'waiting'
    if (end.kind === 'fatal') item.problem = end.problem
    if (end.kind === 'sign_in') this.signIn = true
    if (end.kind === 'later' || (end.kind === 'photos' && item.tries > 3)) {
      item.nextAt = this.o.now() + (end.kind === 'later' && end.after ? end.after : pause(item.tries, this.o.random()))
    }
    if (end.kind !== 'sign_in' && end.kind !== 'no_line') item.tries++
    await this.store.put(item)
  }

  /** wake sets the timer for the next item that is due. */
  private async wake(): Promise<void> {
    clearTimeout(this.timer)
    const due = (await this.store.items()).filter((i) => i.state === 'waiting' || i.state === 'sending').map((i) => i.nextAt)
    if (due.length === 0) return
    this.timer = setTimeout(() => void this.run(), Math.max(500, Math.max(this.quietUntil, Math.min(...due)) - this.o.now()))
  }

  close(): void {
    clearTimeout(this.timer)
  }
}

/** exclusively lets one tab send at a time, where the browser can say so. */
async function exclusively(fn: () => Promise<void>): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (locks) await locks.request('chuangwei-outbox', fn)
  else await fn()
}

let shared: Promise<Outbox> | undefined

/** openOutbox opens the page's outbox and lets it send whenever there may be a signal again. */
export function openOutbox(o: Options = {}): Promise<Outbox> {
  shared ??= start(o)
  return shared
}

/** start makes an outbox of its own; tests use it to play several phones. */
export async function start(o: Options = {}): Promise<Outbox> {
  const store = await Store.open(o.name ?? 'chuangwei-outbox')
  const box = new Outbox(store, {
    fetch: o.fetch ?? ((...a) => fetch(...a)), now: o.now ?? Date.now, random: o.random ?? Math.random, chunk: o.chunk ?? 256 * 1024,
  })
  if (typeof window !== 'undefined' && window.addEventListener) {
    for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, () => box.flush())
    document.addEventListener('visibilitychange', () => { if (!document.hidden) box.flush() })
  }
  box.flush()
  return box
}
