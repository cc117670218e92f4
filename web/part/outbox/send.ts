// Sending one item: its photos by tus 1.0.0 (creation, HEAD, PATCH), each
// confirmed by the server, then the command that names them.
import type { Item, PhotoState, Shot } from './types'

/** How an attempt ended, and what it means for the item. */
export type End =
  | { kind: 'done'; answer: unknown }
  | { kind: 'later'; after?: number } // our server is in trouble with this item
  | { kind: 'no_line' } // no signal, or somebody else answers: nothing can be sent now
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
}

/** Only answers that carry our name count: a hotel's sign-in page says 200 to everything. */
const ours = (r: Response) => r.headers.get('Chuangwei') === '1'

class Stop extends Error {
  constructor(readonly end: End) {
    super(end.kind)
  }
}

/** sendItem makes one attempt; it never throws for what the network or the server does. */
export async function sendItem(item: Item, line: Line): Promise<End> {
  try {
    for (const p of item.photos) if (!p.confirmed) await sendPhoto(item, p, line)
    return await sendCommand(item, line)
  } catch (e) {
    if (e instanceof Stop) return e.end
    if (e instanceof TypeError || (e instanceof DOMException && e.name === 'AbortError')) return { kind: 'no_line' }
    throw e
  }
}

async function sendCommand(item: Item, line: Line): Promise<End> {
  const r = await line.fetch(item.path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', 'Idempotency-Key': item.id, 'Phone-Clock': String(line.now()),
      'Accept-Language': line.language(),
    },
    body: JSON.stringify({ ...item.body, made_at: item.madeAt }),
  })
  if (!ours(r)) return { kind: 'no_line' }
  if (r.ok) return { kind: 'done', answer: r.status === 204 ? null : await r.json() }
  return judge(r)
}

/** judge reads a refusal of ours. */
async function judge(r: Response): Promise<End> {
  if (!ours(r)) return { kind: 'no_line' }
  if (r.status >= 500 || r.status === 408 || r.status === 429) return { kind: 'later', after: retryAfter(r) }
  if (r.status === 401) return { kind: 'sign_in' }
  const p = (await r.json().catch(() => ({}))) as { title?: string; code?: string; photos?: string[]; fields?: { name: string; text: string }[] }
  if (p.code === 'photo.missing') return { kind: 'photos', sums: p.photos ?? [] }
  return { kind: 'fatal', problem: { title: p.title ?? `${r.status}`, code: p.code ?? `http.${r.status}`, fields: p.fields } }
}

const retryAfter = (r: Response) => {
  const s = Number(r.headers.get('Retry-After'))
  return s > 0 ? s * 1000 : undefined
}

async function sendPhoto(item: Item, p: PhotoState, line: Line): Promise<void> {
  if (await has(p, line)) return confirm(p, line)
  const shot = await line.shot(p.sha256)
  if (!shot) throw new Stop({ kind: 'fatal', problem: { title: '手机上的照片不见了，请重新拍摄。', code: 'photo.gone' } })
  for (let round = 0; round < 3; round++) {
    if (!p.uploadUrl) await create(item, p, shot, line)
    if ((await patch(p, shot, line)) && (await has(p, line))) return confirm(p, line)
    p.uploadUrl = ''
    p.sent = 0
  }
  throw new Stop({ kind: 'later' })
}

/** has asks whether the server really has the bytes; nothing else lets us delete ours. */
async function has(p: PhotoState, line: Line): Promise<boolean> {
  const r = await line.fetch(`/api/photos/${p.sha256}`, { method: 'HEAD', cache: 'no-store' })
  if (ours(r) && (r.status === 200 || r.status === 404)) return r.status === 200
  throw new Stop(await judge(r))
}

async function confirm(p: PhotoState, line: Line): Promise<void> {
  p.confirmed = true
  p.sent = p.size
  await line.progress(p)
}

const tus = { 'Tus-Resumable': '1.0.0' }
const b64 = (s: string) => btoa(String.fromCharCode(...new TextEncoder().encode(s)))

async function create(item: Item, p: PhotoState, shot: Shot, line: Line): Promise<void> {
  const meta: Record<string, string | number | undefined> = {
    sha256: shot.sha256, type: shot.type, taken_at: shot.takenAt, lat: shot.lat, lon: shot.lon, accuracy: shot.accuracy, source: shot.source,
  }
  const r = await line.fetch(item.public ? '/api/public/uploads/' : '/api/uploads/', {
    method: 'POST',
    headers: {
      ...tus, 'Upload-Length': String(shot.bytes.byteLength), 'Accept-Language': line.language(),
      'Upload-Metadata': Object.entries(meta).filter(([, v]) => v !== undefined).map(([k, v]) => `${k} ${b64(String(v))}`).join(','),
    },
  })
  const at = r.headers.get('Location')
  if (!ours(r) || r.status !== 201 || !at) throw new Stop(await judge(r))
  p.uploadUrl = new URL(at, location.href).pathname
  p.sent = 0
  await line.progress(p)
}

/** patch sends from the server's offset on; false means the upload must begin anew. */
async function patch(p: PhotoState, shot: Shot, line: Line): Promise<boolean> {
  const head = await line.fetch(p.uploadUrl, { method: 'HEAD', headers: tus, cache: 'no-store' })
  if (ours(head) && (head.status === 404 || head.status === 410)) return false
  if (!ours(head) || !head.ok) throw new Stop(await judge(head))
  let offset = Number(head.headers.get('Upload-Offset'))
  while (offset < shot.bytes.byteLength) {
    const r = await line.fetch(p.uploadUrl, {
      method: 'PATCH',
      headers: { ...tus, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', 'Accept-Language': line.language() },
      body: shot.bytes.slice(offset, offset + line.chunk),
    })
    if (ours(r) && (r.status === 460 || r.status === 409 || r.status === 404 || r.status === 410)) return false
    if (!ours(r) || r.status !== 204) throw new Stop(await judge(r))
    offset = Number(r.headers.get('Upload-Offset'))
    p.sent = offset
    await line.progress(p)
  }
  return true
}
