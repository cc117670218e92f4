// A server as the outbox meets it: real HTTP on a loopback port, tus, photos by
// their sum, commands that are carried out once — and faults put in by a test.
import { createHash } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A fault for one request: cut the line, never answer, answer something else, or let it pass. */
export type Fault = 'cut' | 'hang' | { status: number; headers?: Record<string, string>; body?: string } | undefined

interface Upload { at: string; sum: string; length: number; bytes: Buffer }

export class FakeServer {
  readonly photos = new Map<string, Buffer>()
  readonly uploads = new Map<string, Upload>()
  /** What the phone said of each photo. */
  readonly said = new Map<string, Record<string, string>>()
  readonly commands = new Map<string, { path: string; body: Record<string, unknown>; clock: number }>()
  readonly requests: string[] = []
  fault: (r: IncomingMessage, n: number) => Fault = () => undefined
  /** refuse answers a command with a problem of ours. */
  refuse: (body: Record<string, unknown>) => { status: number; code: string; photos?: string[] } | undefined = () => undefined
  private server: Server
  private n = 0

  private constructor() {
    this.server = createServer((q, a) => void this.answer(q, a))
  }
  static async start(): Promise<FakeServer> {
    const s = new FakeServer()
    await new Promise<void>((ok) => s.server.listen(0, '127.0.0.1', ok))
    return s
  }
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
  /** fetch as a page of ours would: relative addresses. */
  fetch: typeof fetch = (to, init) => fetch(new URL(String(to), this.origin), init)
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((ok) => this.server.close(ok))
  }

  private async answer(q: IncomingMessage, a: ServerResponse): Promise<void> {
    this.requests.push(`${q.method} ${q.url}`)
    const fault = this.fault(q, ++this.n)
    if (fault === 'cut') {
      if (q.url?.includes('/uploads/')) await this.takeHalf(q) // what came through before the cut is kept
      q.socket.destroy()
      return
    }
    const body = await read(q)
    if (fault === 'hang') return
    if (fault) return void a.writeHead(fault.status, fault.headers ?? {}).end(fault.body)
    a.setHeader('Chuangwei', '1')
    if (q.url?.startsWith('/api/photos/')) return void a.writeHead(this.photos.has(q.url.split('/').pop()!) ? 200 : 404).end()
    if (q.url?.includes('/uploads/')) return this.tus(q, a, body)
    this.command(q, a, body)
  }

  private async takeHalf(q: IncomingMessage): Promise<void> {
    const body = await read(q)
    const u = q.method === 'POST' ? this.begun(q) : this.uploads.get(q.url!)
    if (u && body.length) u.bytes = Buffer.concat([q.method === 'POST' ? Buffer.alloc(0) : u.bytes, body.subarray(0, body.length >> 1)])
  }

  /** begun is the upload a first request is about: the same for the same bytes. */
  private begun(q: IncomingMessage) {
    const pairs = String(q.headers['upload-metadata']).split(',').map((p) => p.split(' '))
    const meta = Object.fromEntries(pairs.map(([k, v]) => [k, Buffer.from(v, 'base64').toString()]))
    const at = `${q.url}${meta.sha256.slice(0, 32)}`
    this.said.set(meta.sha256, meta)
    const u = this.uploads.get(at) ?? { at, sum: meta.sha256, length: Number(q.headers['upload-length']), bytes: Buffer.alloc(0) }
    this.uploads.set(at, u)
    return u
  }

  private tus(q: IncomingMessage, a: ServerResponse, body: Buffer): void {
    if (q.method === 'POST') {
      const u = this.begun(q)
      if (body.length) u.bytes = body
      return this.progress(u, a, 201, { Location: u.at })
    }
    const u = this.uploads.get(q.url!)
    if (!u) return void a.writeHead(404).end()
    if (q.method === 'HEAD') return void a.writeHead(200, { 'Upload-Offset': String(u.bytes.length) }).end()
    if (Number(q.headers['upload-offset']) !== u.bytes.length) return void a.writeHead(409).end()
    u.bytes = Buffer.concat([u.bytes, body])
    this.progress(u, a, 204)
  }

  private progress(u: Upload, a: ServerResponse, status: number, headers: Record<string, string> = {}): void {
    const answer = { ...headers, 'Upload-Offset': String(u.bytes.length) }
    if (u.bytes.length < u.length) return void a.writeHead(status, answer).end()
    this.uploads.delete(u.at)
    if (createHash('sha256').update(u.bytes).digest('hex') !== u.sum) return void a.writeHead(460).end()
    this.photos.set(u.sum, u.bytes)
    a.writeHead(status, answer).end()
  }

  private command(q: IncomingMessage, a: ServerResponse, raw: Buffer): void {
    const id = String(q.headers['idempotency-key'])
    const body = JSON.parse(raw.toString()) as Record<string, unknown>
    const refused = this.commands.has(id) ? undefined : (this.refuse(body) ?? this.lacks(body))
    if (refused) {
      return void a.writeHead(refused.status, { 'Content-Type': 'application/problem+json' })
        .end(JSON.stringify({ type: 'about:blank', title: refused.code, status: refused.status, code: refused.code, photos: refused.photos }))
    }
    if (!this.commands.has(id)) this.commands.set(id, { path: q.url!, body, clock: Number(q.headers['phone-clock']) })
    a.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id, no: `no-${this.commands.size}` }))
  }

  private lacks(body: Record<string, unknown>) {
    const gone = ((body.photos as string[]) ?? []).filter((s) => !this.photos.has(s))
    return gone.length ? { status: 409, code: 'photo.missing', photos: gone } : undefined
  }
}

async function read(q: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const p of q) parts.push(p as Buffer)
  return Buffer.concat(parts)
}
