import { afterEach, expect, test, vi } from 'vitest'
import { takenOf } from './exif'
import { shrink, where } from './index'

/** exif builds a JPEG head with the given time, zone and place, as a phone writes it. */
function exif(when: string, zone: string): ArrayBuffer {
  const b = Buffer.alloc(400)
  b.write('ffd8ffe1', 0, 'hex')
  b.writeUInt16BE(390, 4)
  b.write('Exif\0\0MM\0*', 6, 'latin1')
  const t = 12
  b.writeUInt32BE(8, t + 4)
  const entry = (at: number, tag: number, type: number, n: number, value: number) => {
    b.writeUInt16BE(tag, t + at); b.writeUInt16BE(type, t + at + 2); b.writeUInt32BE(n, t + at + 4); b.writeUInt32BE(value, t + at + 8)
  }
  b.writeUInt16BE(2, t + 8); entry(10, 0x8769, 4, 1, 40); entry(22, 0x8825, 4, 1, 80)
  b.writeUInt16BE(2, t + 40); entry(42, 0x9003, 2, 20, 150); entry(54, 0x9011, 2, 7, 180)
  b.writeUInt16BE(4, t + 80); entry(82, 1, 2, 2, 0); entry(94, 2, 5, 3, 200); entry(106, 3, 2, 2, 0); entry(118, 4, 5, 3, 230)
  b.write('N\0', t + 90, 'latin1'); b.write('E\0', t + 114, 'latin1')
  b.write(`${when}\0`, t + 150, 'latin1'); b.write(`${zone}\0`, t + 180, 'latin1')
  const dms = (at: number, v: number[]) => v.forEach((x, i) => { b.writeUInt32BE(x, t + at + i * 8); b.writeUInt32BE(1, t + at + i * 8 + 4) })
  dms(200, [22, 46, 48]); dms(230, [103, 13, 48])
  return b.buffer.slice(b.byteOffset, b.byteOffset + b.length)
}

test('time, zone and place are read from the picture', () => {
  const t = takenOf(exif('2026:11:23 10:00:00', '+08:00'))
  expect(t.at).toBe(Date.parse('2026-11-23T02:00:00Z'))
  expect(t.lat).toBeCloseTo(22.78, 6)
  expect(t.lon).toBeCloseTo(103.23, 6)
  expect(takenOf(exif('2026:11:23 10:00:00', '+07:00')).at).toBe(Date.parse('2026-11-23T03:00:00Z'))
  expect(takenOf(exif('2026:11:23 10:00:00', 'oops..')).at).toBe(t.at) // China's zone when it does not say
})

test('odd pictures are not told about, never refused', () => {
  for (const bytes of [new ArrayBuffer(0), new ArrayBuffer(3), new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]).buffer, exif('yesterday morning..', '').slice(0, 60)]) {
    expect(takenOf(bytes).at).toBeUndefined()
  }
  const whole = new Uint8Array(exif('2026:11:23 10:00:00', '+08:00'))
  for (let i = 0; i < 2000; i++) {
    const bent = whole.slice()
    bent[(i * 7919) % bent.length] = (i * 31) % 256
    expect(() => takenOf(bent.buffer)).not.toThrow()
  }
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** browser plays one that decodes every picture as width×height and writes it in so many bytes. */
function browser(width: number, height: number, bytes: number) {
  const drawn: number[][] = []
  vi.stubGlobal('window', { createImageBitmap: true })
  vi.stubGlobal('createImageBitmap', async () => ({ width, height, close() {} }))
  vi.stubGlobal('document', {
    createElement: () => ({
      getContext: () => ({ fillRect() {}, drawImage: (_: unknown, ...at: number[]) => drawn.push(at) }),
      toBlob: (ok: (b: Blob) => void) => ok(new Blob([new Uint8Array(bytes)])),
    }),
  })
  return drawn
}
const file = (size: number, lastModified: number) => new File([new Uint8Array(size)], 'a.jpg', { type: 'image/jpeg', lastModified })

test('a large picture becomes 1600 px, a small one stays as it was, none grows', async () => {
  const drawn = browser(4000, 3000, 900)
  expect(await shrink(file(5000, 1), 'camera')).toMatchObject({ width: 1600, height: 1200, type: 'image/jpeg' })
  expect(drawn).toEqual([[0, 0, 1600, 1200]])
  const kept = await shrink(file(800, 1), 'camera') // squeezed hard already: ours would be larger
  expect(kept).toMatchObject({ width: 4000, height: 3000 })
  expect(kept.bytes.byteLength).toBe(800)
  browser(640, 480, 900)
  expect((await shrink(file(800, 1), 'camera')).bytes.byteLength).toBe(800)
})

test('a picture from the gallery is not said to be from here and now', async () => {
  browser(640, 480, 10)
  const here = { lat: 22.7, lon: 103.2, accuracy: 8 }
  const old = await shrink(file(800, 1_700_000_000_000), 'gallery', here)
  expect(old).toMatchObject({ takenAt: 1_700_000_000_000, source: 'gallery' })
  expect(old.lat).toBeUndefined()
  const fresh = await shrink(file(800, 1_700_000_000_000), 'camera', here)
  expect(fresh).toMatchObject(here)
  expect(fresh.takenAt).toBeGreaterThan(1_700_000_000_000)
})

test('a position is asked for exactly, then roughly, and never waited for without end', async () => {
  const asked: boolean[] = []
  const rough = { coords: { latitude: 1, longitude: 2, accuracy: 900 } }
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (ok: (p: unknown) => void, no: () => void, o: PositionOptions) => {
    asked.push(o.enableHighAccuracy!)
    if (o.enableHighAccuracy) no()
    else ok(rough)
  } } })
  expect(await where()).toEqual({ lat: 1, lon: 2, accuracy: 900 })
  expect(asked).toEqual([true, false])
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: () => {} } })
  const never = where(8000)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await never).toBeUndefined()
})
