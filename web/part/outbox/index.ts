// The outbox: one way in for every command of phone and public pages. What it
// has taken is kept until the server has proved that it has it.
import { uuidv7 } from '@/client/api'
import { L, tongue } from '@/part/i18n'
import { type End, type Line, reachable, sendItem } from './send'
import { Store } from './store'
import type { Draft, Item, NewItem, PhotoState, Receipt, Snapshot } from './types'

export * from './types'

export interface Options {
  name?: string
  fetch?: typeof fetch
  now?: () => number
  random?: () => number
  chunk?: number
  patience?: number
}

const longest = 300_000
/** A request that broke while our server answers is taken up again on the spot so often, before later items may pass. */
const onTheSpot = 3
/** An item that others stop while our server answers is theirs to judge after so many tries. */
const triesPastOthers = 10

/** Pauses between tries: 2 s doubling to 5 min, spread so that a thousand phones do not knock at once. */
export function pause(tries: number, random: number): number {
  return Math.min(2000 * 2 ** Math.min(tries, 12), longest * 0.8) * (0.75 + random / 2)
}

export class Outbox {
  private watchers = new Set<(s: Snapshot) => void>()
  private running: Promise<void> | undefined
  private again = false
  private signIn = false
  private noLine = 0 // failed rounds in a row
  private quietUntil = 0
  private busyUntil = { signed: 0, public: 0 } // the server asked for it, so a flush does not shorten it
  private person = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly line: Line

  constructor(private store: Store, private o: Required<Omit<Options, 'name'>>) {
    this.line = {
      fetch: (...a) => this.o.fetch(...a), now: o.now, language: () => (tongue.lang === 'en' ? 'en' : 'zh-CN'), chunk: o.chunk, patience: o.patience,
      shot: (sum) => this.store.shot(sum), progress: async () => {},
    }
  }

  /** as says who is signed in: what another person of this phone made waits for them. */
  async as(person: string): Promise<void> {
    this.person = person
    await this.ask((i) => this.others(i))
    this.flush()
  }

  /** ask shows items as waiting for a sign-in. */
  private async ask(which: (i: Item) => boolean): Promise<void> {
    for (const i of await this.store.items()) {
      if (i.state === 'waiting' && which(i)) await this.store.put({ ...i, state: 'needs_sign_in' })
    }
  }

  /** put resolves with the id once everything is durably on the phone; it throws NotKept when it could not be. */
  async put(n: NewItem): Promise<string> {
    const shots = n.shots ?? []
    const now = this.o.now()
    const body = JSON.parse(JSON.stringify(n.body)) as NewItem['body'] // as it will be sent; storage takes nothing of a screen's own
    const photos: PhotoState[] = shots.map((s) => ({ sha256: s.sha256, size: s.bytes.byteLength, sent: 0, uploadUrl: '', confirmed: false }))
    const item: Item = {
      id: uuidv7(now), title: n.title, path: n.path, body: shots.length ? { ...body, photos: shots.map((s) => s.sha256) } : body,
      about: n.about ?? '', public: n.public ?? false, by: n.public ? '' : this.person, photos, madeAt: now, seq: await this.nextSeq(), state: 'waiting',
      tries: 0, nextAt: 0, sent: 0, total: photos.reduce((sum, p) => sum + p.size, 0),
    }
    globalThis.navigator?.storage?.persist?.().catch(() => {}) // asks the browser not to clear us; it may say no
    await this.store.add(item, shots)
    await this.tell()
    this.flush()
    return item.id
  }

  private async nextSeq(): Promise<number> {
    return Math.max(this.o.now(), (await this.store.lastSeq()) + 1)
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
    if (this.watchers.size === 0) return
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
    void this.tell() // another page may have changed what waits
    void this.run()
  }

  /** run sends what is due, one tab at a time, and resolves when nothing more can be sent now. */
  run(): Promise<void> {
    this.again = true
    this.running ??= this.rounds()
    return this.running
  }

  private async rounds(): Promise<void> {
    while (this.again) {
      this.again = false
      try {
        await exclusively(() => this.round())
      } catch (e) { // the phone's own storage failed; sending must not stay dead
        console.error('outbox', e)
        this.rest()
      }
      await this.wake().catch(() => {}) // inside the loop: a call that comes meanwhile must get its round
    }
    this.running = undefined // at once after the loop's look at again, for the same reason
  }

  private async round(): Promise<void> {
    if (this.left(this.quietUntil) > 0) return
    const held = new Set<string>() // cases whose earlier step has not gone out yet
    for (const id of await this.store.ids()) {
      const item = await this.store.item(id) // it may have changed meanwhile
      if (!item || item.state === 'needs_you') continue // parked; it must not hold up anything
      const end = held.has(item.about) || this.patience(item) > 0 ? undefined : await this.attempt(item)
      if (end?.kind !== 'done' && end?.kind !== 'fatal' && item.about) held.add(item.about)
      if (end?.kind === 'no_line') return
    }
  }

  /** patience is how long an item has to wait from now on; Infinity when for something else than time. */
  private patience(item: Item): number {
    if (!item.public && (this.signIn || this.others(item))) return Infinity
    return Math.max(this.left(item.nextAt), this.left(this.busyUntil[item.public ? 'public' : 'signed']))
  }

  private others(item: Item): boolean {
    return !!item.by && !!this.person && item.by !== this.person
  }

  /** left is the time until then; more than we ever wait means that the phone's clock was put right. */
  private left(until: number): number {
    const ms = until - this.o.now()
    return ms > longest ? 0 : Math.max(0, ms)
  }

  private rest(): void {
    this.quietUntil = this.o.now() + pause(this.noLine++, this.o.random())
  }

  /** attempt sends one item once. */
  private async attempt(item: Item): Promise<End> {
    item.state = 'sending'
    await this.store.put(item)
    await this.tell()
    const end = await this.insist(item)
    if (end.kind === 'no_line') this.rest() // trying the others would only change their order
    else this.noLine = 0
    if (end.kind === 'photos') {
      this.resend(item, end.sums)
      this.again = true
    }
    await this.settle(item, end)
    await this.tell()
    return end
  }

  /** insist sends an item again while only its own requests break, then lets the others pass. */
  private async insist(item: Item): Promise<End> {
    for (let broken = 0; ; broken++) {
      const end = await sendItem(item, { ...this.line, progress: () => this.progress(item) })
      if (end.kind !== 'no_line' || !(await reachable(this.line))) return end
      if (broken === onTheSpot) return this.stopped(item)
    }
  }

  /** stopped: our server answers, but somebody on the way does not let this item through. */
  private stopped(item: Item): End {
    if (item.tries < triesPastOthers) return { kind: 'later' }
    const title = L('网络中的设备拦下了这一条，请换个网络后重试。', 'Something on the network stops this one; try again on another network.')
    return { kind: 'fatal', problem: { title, code: 'line.stopped' } }
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
      await this.store.finish(item, { id: item.id, title: item.title, about: item.about, public: item.public, sentAt: this.o.now(), answer: end.answer })
      return
    }
    const signIn = end.kind === 'sign_in' && !item.public
    item.state = end.kind === 'fatal' ? 'needs_you' : signIn ? 'needs_sign_in' : 'waiting'
    item.problem = end.kind === 'fatal' ? end.problem : undefined
    if (end.kind === 'busy') this.busyUntil[item.public ? 'public' : 'signed'] = this.o.now() + this.asked(item, end.after)
    else if (end.kind === 'later' || end.kind === 'sign_in') item.nextAt = signIn ? 0 : this.o.now() + this.asked(item, end.kind === 'later' ? end.after : undefined)
    else if (end.kind === 'photos' && item.tries > 3) item.nextAt = this.o.now() + this.asked(item)
    if (!signIn && end.kind !== 'no_line') item.tries++
    await this.store.put(item)
    if (!signIn) return
    this.signIn = true
    await this.ask((i) => !i.public)
  }

  /** asked is the pause the server asked for, or our own. */
  private asked(item: Item, after?: number): number {
    return after ? Math.min(after, longest) : pause(item.tries, this.o.random())
  }

  /** wake sets the timer for the next moment at which something can be sent. */
  private async wake(): Promise<void> {
    clearTimeout(this.timer)
    const quiet = this.left(this.quietUntil)
    const next = quiet > 0 && (await this.store.ids()).length > 0 ? quiet : await this.soonest()
    if (next < Infinity) this.timer = setTimeout(() => void this.run(), Math.max(500, next))
  }

  private async soonest(): Promise<number> {
    const held = new Set<string>()
    let next = Infinity
    for (const i of await this.store.items()) {
      if (i.state === 'needs_you' || held.has(i.about)) continue
      if (i.about) held.add(i.about)
      next = Math.min(next, this.patience(i))
    }
    return next
  }

  close(): void {
    clearTimeout(this.timer)
  }
}

/** exclusively lets one tab send at a time, where the browser can say so; elsewhere (plain HTTP, old Safari) the commands' ids keep it harmless. */
async function exclusively(fn: () => Promise<void>): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (locks) await locks.request('chuangwei-outbox', fn)
  else await fn()
}

let shared: Promise<Outbox> | undefined

/** openOutbox opens the page's outbox and lets it send whenever there may be a signal again. */
export function openOutbox(o: Options = {}): Promise<Outbox> {
  shared ??= start(o).catch((e: unknown) => {
    shared = undefined // a phone that could not open its storage may be able to in a moment
    throw e
  })
  return shared
}

/** start makes an outbox of its own; tests use it to play several phones. */
export async function start(o: Options = {}): Promise<Outbox> {
  const store = await Store.open(o.name ?? 'chuangwei-outbox')
  const box = new Outbox(store, {
    fetch: o.fetch ?? ((...a) => fetch(...a)), now: o.now ?? Date.now, random: o.random ?? Math.random, chunk: o.chunk ?? 256 * 1024,
    patience: o.patience ?? 60_000,
  })
  if (typeof window !== 'undefined' && window.addEventListener) {
    for (const event of ['online', 'focus', 'pageshow']) window.addEventListener(event, () => box.flush())
    document.addEventListener('visibilitychange', () => { if (!document.hidden) box.flush() })
  }
  box.flush()
  return box
}
