// Sending one item: its photos by tus 1.0.0, each confirmed by the server, then
// the command that names them. The request that begins an upload brings the
// first piece along, which for most photos is all; only after a break are the
// questions asked what has arrived and where to go on.
import { L } from '@/part/i18n'
import type { Item, PhotoState, Shot } from './types'

/** How an attempt ended, and what it means for the item. */
export type End =
  | { kind: 'done'; answer: unknown }
  | { kind: 'later'; after?: number } // our server is in trouble with this item
  | { kind: 'busy'; after?: number } // our server asks us to slow down
  | { kind: 'no_line' } // no signal, or somebody else answers
  | { kind: 'sign_in' }
  | { kind: 'fatal'; problem: NonNullable<Item['problem']> } // this item needs a person
  | { kind: 'photos'; sums: string[] } // the server lacks bytes: upload again

export interface Line {
  fetch: typeof fetch
  now: () => number
  language: () => string
  shot: (sum: string) => Promise<Shot | undefined>
  progress: (photo: PhotoState) => Promise<void>
  chunk: number
  /** How long a request may stay without an answer; after a change of network it can be for ever. */
  patience: number
}

interface Answer {
  status: number
  headers: Headers
  text: string
}

/** Only answers that carry our name count: a hotel's sign-in page says 200 to everything. */
const ours = (a: Answer) => a.headers.get('Chuangwei') === '1'

class Stop extends Error {
  constructor(readonly end: End) {
    super(end.kind)
  }
}

async function ask(line: Line, to: string, init: RequestInit): Promise<Answer> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), line.patience)
  try {
    const r = await line.fetch(to, { ...init, cache: 'no-store', signal: stop.signal })
    return { status: r.status, headers: r.headers, text: await r.text() }
  } catch {
    throw new Stop({ kind: 'no_line' })
  } finally {
    clearTimeout(timer)
  }
}

/** sendItem makes one attempt; it never throws for what the network or the server does. */
export async function sendItem(item: Item, line: Line): Promise<End> {
  try {
    for (const p of item.photos) if (!p.confirmed) await sendPhoto(item, p, line)
    return await sendCommand(item, line)
  } catch (e) {
    if (e instanceof Stop) return e.end
    throw e
  }
}

/** reachable asks our server for nothing, to tell a dead line from one item that does not get through. */
export async function reachable(line: Line): Promise<boolean> {
  try {
    return ours(await ask(line, `/api/photos/${'0'.repeat(64)}`, { method: 'HEAD' }))
  } catch {
    return false
  }
}

async function sendCommand(item: Item, line: Line): Promise<End> {
  const a = await ask(line, item.path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', 'Idempotency-Key': item.id, 'Phone-Clock': String(line.now()),
      'Accept-Language': line.language(),
    },
    body: JSON.stringify({ ...item.body, made_at: item.madeAt }),
  })
  if (!ours(a) || a.status < 200 || a.status > 299) return judge(a)
  if (a.status === 204) return { kind: 'done', answer: null }
  const answer = parsed(a.text)
  return answer === undefined ? { kind: 'later' } : { kind: 'done', answer } // half an answer: the same id gets it again
}

const later = [408, 423, 425]

/** judge reads a refusal. */
function judge(a: Answer): End {
  if (!ours(a)) return { kind: 'no_line' }
  if (a.status === 429) return { kind: 'busy', after: retryAfter(a) }
  if (a.status >= 500 || later.includes(a.status)) return { kind: 'later', after: retryAfter(a) }
  if (a.status === 401) return { kind: 'sign_in' }
  const p = (parsed(a.text) ?? {}) as { title?: string; code?: string; photos?: string[]; fields?: { name: string; text: string }[] }
  if (p.code === 'photo.missing') return { kind: 'photos', sums: p.photos ?? [] }
  const title = p.title ?? L(`服务器没有接受（${a.status}）。`, `The server did not take it (${a.status}).`)
  return { kind: 'fatal', problem: { title, code: p.code ?? `http.${a.status}`, fields: p.fields } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function retryAfter(a: Answer): number | undefined {
  const s = Number(a.headers.get('Retry-After'))
  return s > 0 ? s * 1000 : undefined
}

const gone = () => L('手机上的照片不见了，请重新拍摄。', 'The photo is no longer on this phone; take it again.')

async function sendPhoto(item: Item, p: PhotoState, line: Line): Promise<void> {
  if ((p.begun || p.uploadUrl) && (await has(p, line))) return confirm(p, line)
  const shot = await line.shot(p.sha256)
  if (!shot) throw new Stop({ kind: 'fatal', problem: { title: gone(), code: 'photo.gone' } })
  for (let round = 0; round < 3; round++) {
    const offset = p.uploadUrl ? await arrived(p, line) : await create(item, p, shot, line)
    if (offset === 'kept') return confirm(p, line)
    const end = offset === 'anew' ? offset : await patch(p, shot, offset, line)
    if (end === 'whole' && (await has(p, line))) return confirm(p, line)
    if (end === 'behind') continue
    p.uploadUrl = ''
    p.sent = 0
  }
  throw new Stop({ kind: 'later' })
}

/** has asks whether the server really has the bytes; nothing else lets us delete ours. */
async function has(p: PhotoState, line: Line): Promise<boolean> {
  const a = await ask(line, `/api/photos/${p.sha256}`, { method: 'HEAD' })
  if (ours(a) && (a.status === 200 || a.status === 404)) return a.status === 200
  throw new Stop(judge(a))
}

async function confirm(p: PhotoState, line: Line): Promise<void> {
  p.confirmed = true
  p.sent = p.size
  await line.progress(p)
}

const tus = { 'Tus-Resumable': '1.0.0' }
const piece = { 'Content-Type': 'application/offset+octet-stream' }
const b64 = (s: string) => btoa(String.fromCharCode(...new TextEncoder().encode(s)))

/** create begins an upload, or finds it again, and tells how much has arrived. 'kept': all of it, and the server has put it away. */
async function create(item: Item, p: PhotoState, shot: Shot, line: Line): Promise<number | 'kept' | 'anew'> {
  const meta: Record<string, string | number | undefined> = {
    sha256: shot.sha256, type: shot.type, taken_at: shot.takenAt, lat: shot.lat, lon: shot.lon, accuracy: shot.accuracy, source: shot.source,
  }
  const body = p.begun ? undefined : shot.bytes.slice(0, line.chunk) // after a break the server may have some of it
  if (globalThis.navigator?.onLine !== false) { // in aeroplane mode nothing leaves the phone
    p.begun = true
    await line.progress(p)
  }
  const a = await ask(line, item.public ? '/api/public/uploads/' : '/api/uploads/', {
    method: 'POST',
    headers: {
      ...tus, 'Upload-Length': String(shot.bytes.byteLength), 'Accept-Language': line.language(), ...(body && piece),
      'Upload-Metadata': Object.entries(meta).filter(([, v]) => v !== undefined).map(([k, v]) => `${k} ${b64(String(v))}`).join(','),
    },
    body,
  })
  const at = a.headers.get('Location')
  if (ours(a) && a.status === 460) return 'anew' // damaged on its way
  if (!ours(a) || a.status !== 201 || !at) throw new Stop(judge(a))
  const offset = Number(a.headers.get('Upload-Offset'))
  if (body && offset === shot.bytes.byteLength) return 'kept'
  p.uploadUrl = new URL(at, location.href).pathname // whatever host a proxy made of it
  p.sent = Math.min(offset, p.size)
  await line.progress(p)
  return offset
}

/** arrived asks how much of a begun upload the server has. 'anew': it knows nothing of it. */
async function arrived(p: PhotoState, line: Line): Promise<number | 'anew'> {
  const head = await ask(line, p.uploadUrl, { method: 'HEAD', headers: tus })
  if (ours(head) && (head.status === 404 || head.status === 410)) return 'anew'
  if (!ours(head) || head.status !== 200) throw new Stop(judge(head))
  const offset = Number(head.headers.get('Upload-Offset'))
  p.sent = Math.min(offset, p.size)
  return offset
}

/** patch sends from an offset on. 'behind': the server is elsewhere than we thought; 'anew': it knows nothing of this upload. */
async function patch(p: PhotoState, shot: Shot, offset: number, line: Line): Promise<'whole' | 'behind' | 'anew'> {
  while (offset < shot.bytes.byteLength) {
    const a = await ask(line, p.uploadUrl, {
      method: 'PATCH',
      headers: { ...tus, ...piece, 'Upload-Offset': String(offset), 'Accept-Language': line.language() },
      body: shot.bytes.slice(offset, offset + line.chunk),
    })
    if (ours(a) && a.status === 409 && parsed(a.text) === undefined) return 'behind' // tus itself, not a rule of ours
    if (ours(a) && [404, 410, 460].includes(a.status)) return 'anew'
    if (!ours(a) || a.status !== 204) throw new Stop(judge(a))
    const next = Number(a.headers.get('Upload-Offset'))
    if (!(next > offset)) return 'behind'
    p.sent = offset = Math.min(next, p.size)
    await line.progress(p)
  }
  return 'whole'
}
