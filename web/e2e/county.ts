// Acting in the demo county: through the contract for what a walk needs to be
// there, through the screens for what the walk is about.
import { createHash, randomUUID } from 'node:crypto'
import { type APIRequestContext, type Browser, type BrowserContext, type Playwright, expect } from '@playwright/test'
import type { components } from '../client/contract'
import { port } from '../playwright.config'

export type Case = components['schemas']['Case']
export type Kind = components['schemas']['Kind']
export type CaseFull = components['schemas']['CaseFull']
export type Named = { id: string; name: string }
export const base = `http://127.0.0.1:${port}`
export const desk = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

/** signIn signs the browser in, as the sign-in page does. */
export async function signIn(context: BrowserContext, login: string, at = base) {
  const r = await context.request.post(`${at}/api/session`, { data: { login, password: 'chuangwei' } })
  expect(r.ok(), await r.text()).toBeTruthy()
}

/** opened is a page of somebody's own, signed in. */
export async function opened(browser: Browser, login: string, viewport: { width: number; height: number }) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  await signIn(context, login)
  return context.newPage()
}

/** day is so many days from today in the county. */
export const day = (n: number) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10)
/** hour is so many minutes from this one, as the county's clocks show it. */
export const hour = (t: number) => new Date(Math.floor((Date.now() + t * 60_000) / 60_000) * 60_000 + 8 * 3_600_000).toISOString()

/** Someone acts through the contract. */
export class Someone {
  private constructor(readonly calls: APIRequestContext) {}
  static async named(playwright: Playwright, login: string, at = base) {
    const calls = await playwright.request.newContext({ baseURL: at })
    const r = await calls.post('/api/session', { data: { login, password: 'chuangwei' } })
    expect(r.ok(), await r.text()).toBeTruthy()
    return new Someone(calls)
  }
  async get<T>(path: string): Promise<T> {
    const r = await this.calls.get(path)
    expect(r.ok(), `${path}: ${await r.text()}`).toBeTruthy()
    return r.json() as Promise<T>
  }
  async send<T>(path: string, data: object, key: string = randomUUID()): Promise<T> {
    const r = await this.calls.post(path, { data, headers: { 'Idempotency-Key': key } })
    expect(r.ok(), `${path}: ${await r.text()}`).toBeTruthy()
    return r.json() as Promise<T>
  }
  /** photo uploads a picture by tus and names it. */
  async photo(bytes: Buffer, at = '/api/uploads/') {
    const sum = createHash('sha256').update(bytes).digest('hex')
    const b64 = (s: string) => Buffer.from(s).toString('base64')
    const made = await this.calls.post(at, {
      headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(bytes.length), 'Upload-Metadata': `sha256 ${b64(sum)},taken_at ${b64(String(Date.now()))},lat ${b64('22.7782')},lon ${b64('103.229')}` },
    })
    expect(made.status()).toBe(201)
    const put = await this.calls.patch(made.headers()['location'], {
      headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, data: bytes,
    })
    expect(put.status(), await put.text()).toBe(204)
    return sum
  }
  async cases(query: string) {
    return (await this.get<{ items: Case[]; total: number }>(`/api/cases?${query}`))
  }
}

/** picture is a small JPEG that differs with n, drawn by the browser. */
export async function picture(page: import('@playwright/test').Page, n: number): Promise<Buffer> {
  const url = await page.evaluate((n) => {
    const c = document.createElement('canvas')
    c.width = 640
    c.height = 480
    const g = c.getContext('2d')!
    for (let i = 0; i < 60; i++) {
      g.fillStyle = `hsl(${(n * 67 + i * 29) % 360} 60% ${20 + ((i * 13 + n * 7) % 60)}%)`
      g.fillRect(((i * 97 + n * 41) % 640), ((i * 61 + n * 83) % 480), 40 + ((i * n) % 120), 30 + ((i * 7 + n) % 90))
    }
    return c.toDataURL('image/jpeg', 0.8)
  }, n)
  return Buffer.from(url.split(',')[1], 'base64')
}

/** workbook is one sheet as Excel saves it: numbers as numbers, all else as text. */
export function workbook(name: string, rows: (string | number)[][]): Buffer {
  const text = (v: string) => v.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const cell = (v: string | number) => (typeof v === 'number' ? `<c><v>${v}</v></c>` : `<c t="inlineStr"><is><t>${text(v)}</t></is></c>`)
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const part = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  return stored({
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${part}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${part}.worksheet+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="${text(name)}" sheetId="1" r:id="a"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${rows.map((r) => `<row>${r.map(cell).join('')}</row>`).join('')}</sheetData></worksheet>`,
  })
}

/** stored is a ZIP of files that are not compressed. */
function stored(files: Record<string, string>): Buffer {
  const bodies: Buffer[] = []
  const heads: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const [title, body] = [Buffer.from(name), Buffer.from(text)]
    const about = Buffer.alloc(26) // version, flags, way, time, day, sum, two sizes, length of the name
    about.writeUInt16LE(20, 0)
    about.writeUInt32LE(crc(body), 10)
    about.writeUInt32LE(body.length, 14)
    about.writeUInt32LE(body.length, 18)
    about.writeUInt16LE(title.length, 22)
    const where = Buffer.alloc(14)
    where.writeUInt32LE(at, 10)
    bodies.push(Buffer.from('PK\x03\x04'), about, title, body)
    heads.push(Buffer.from('PK\x01\x02\x14\0'), about, where, title)
    at += 30 + title.length + body.length
  }
  const list = Buffer.concat(heads)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(bodies.length / 4, 4)
  end.writeUInt16LE(bodies.length / 4, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...bodies, list, Buffer.from('PK\x05\x06'), end])
}

function crc(body: Buffer): number {
  let c = ~0
  for (const b of body) {
    c ^= b
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1))
  }
  return ~c >>> 0
}
