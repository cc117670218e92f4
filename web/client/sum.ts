// SHA-256 of a photo, which is its name. Browsers offer it only on HTTPS and localhost;
// a county that still runs plain HTTP on its intranet gets the same name the slow way.

const K = new Uint32Array(64)
const START = new Uint32Array(8)
// The constants are the first 32 bits of the fractional parts of roots of primes.
{
  let n = 0
  for (let p = 2; n < 64; p++) {
    let prime = true
    for (let d = 2; d * d <= p; d++) if (p % d === 0) { prime = false; break }
    if (!prime) continue
    if (n < 8) START[n] = (Math.sqrt(p) % 1) * 4294967296
    K[n++] = (Math.cbrt(p) % 1) * 4294967296
  }
}

const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n))

/** SHA-256 without the browser's help. */
export function slowSum(data: Uint8Array): Uint8Array {
  const size = ((data.length + 8) >> 6 << 6) + 64
  const text = new Uint8Array(size)
  text.set(data)
  text[data.length] = 0x80
  const view = new DataView(text.buffer)
  view.setUint32(size - 8, Math.floor(data.length / 0x20000000))
  view.setUint32(size - 4, (data.length << 3) >>> 0)
  const h = START.slice()
  const w = new Uint32Array(64)
  for (let at = 0; at < size; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + i * 4)
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2]
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))
    }
    const v = h.slice()
    for (let i = 0; i < 64; i++) {
      const t1 = (v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i] + w[i]) | 0
      const t2 = ((turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0
      v.copyWithin(1, 0, 7)
      v[4] += t1
      v[0] = t1 + t2
    }
    for (let i = 0; i < 8; i++) h[i] += v[i]
  }
  const out = new Uint8Array(32)
  const o = new DataView(out.buffer)
  h.forEach((x, i) => o.setUint32(i * 4, x))
  return out
}

/** The photo's name: SHA-256 of its bytes, in hex. */
export async function sumOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const sum = globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : slowSum(bytes)
  return Array.from(sum, (x) => x.toString(16).padStart(2, '0')).join('')
}
