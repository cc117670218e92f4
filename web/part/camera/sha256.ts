// SHA-256 of bytes. Browsers offer crypto.subtle only on HTTPS and localhost;
// an intranet on plain HTTP gets the same answer from FIPS 180-4 by hand.

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  const sum = subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : byHand(new Uint8Array(bytes))
  return Array.from(sum, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** The first 32 bits of the fractional parts of the roots of primes (FIPS 180-4 §4.2.2, §5.3.3). */
const { rounds, start } = (() => {
  const primes: number[] = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n)
  const part = (x: number) => Math.floor((x - Math.floor(x)) * 2 ** 32) >>> 0
  return { rounds: primes.map((p) => part(Math.cbrt(p))), start: primes.slice(0, 8).map((p) => part(Math.sqrt(p))) }
})()

const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n))

export function byHand(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(((data.length + 8) >> 6 << 6) + 64)
  padded.set(data)
  padded[data.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor((data.length * 8) / 2 ** 32))
  view.setUint32(padded.length - 4, (data.length * 8) >>> 0)
  const h = Int32Array.from(start)
  const w = new Int32Array(64)
  for (let at = 0; at < padded.length; at += 64) block(view, at, w, h)
  const out = new DataView(new ArrayBuffer(32))
  h.forEach((x, i) => out.setInt32(i * 4, x))
  return new Uint8Array(out.buffer)
}

function block(view: DataView, at: number, w: Int32Array, h: Int32Array): void {
  for (let i = 0; i < 64; i++) {
    w[i] = i < 16 ? view.getInt32(at + i * 4)
      : (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10)) + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3)) + w[i - 16]
  }
  let [a, b, c, d, e, f, g, k] = h
  for (let i = 0; i < 64; i++) {
    const t1 = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i] + w[i]) | 0
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[k, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  ;[a, b, c, d, e, f, g, k].forEach((x, i) => (h[i] += x))
}
