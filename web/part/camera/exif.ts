// Reads when and where a JPEG was taken, before shrinking loses it.

export interface Taken {
  at?: number
  lat?: number
  lon?: number
}

/** takenOf reads DateTimeOriginal (with its offset, else China's) and GPS; anything odd is simply not told. */
export function takenOf(bytes: ArrayBuffer): Taken {
  try {
    const v = new DataView(bytes)
    const start = exifStart(v)
    return start < 0 ? {} : read(v, start)
  } catch {
    return {} // a broken header is no reason to refuse a photo
  }
}

/** exifStart finds the TIFF header inside the APP1 segment, or -1. */
function exifStart(v: DataView): number {
  if (v.getUint16(0) !== 0xffd8) return -1
  for (let p = 2; p + 4 < v.byteLength && v.getUint8(p) === 0xff; p += 2 + v.getUint16(p + 2)) {
    if (v.getUint16(p) === 0xffe1 && v.getUint32(p + 4) === 0x45786966) return p + 10
    if (v.getUint16(p) === 0xffda) break
  }
  return -1
}

function read(v: DataView, start: number): Taken {
  const little = v.getUint16(start) === 0x4949
  const u16 = (at: number) => v.getUint16(start + at, little)
  const u32 = (at: number) => v.getUint32(start + at, little)
  const entry = (dir: number, tag: number): number => {
    for (let i = 0, n = u16(dir); i < n; i++) if (u16(dir + 2 + i * 12) === tag) return dir + 2 + i * 12
    return 0
  }
  const text = (e: number): string => {
    const n = u32(e + 4)
    const at = n > 4 ? u32(e + 8) : e + 8
    let s = ''
    for (let i = 0; i < Math.min(n, 40); i++) s += String.fromCharCode(v.getUint8(start + at + i))
    return s.replace(/\0.*$/, '')
  }
  const degrees = (e: number): number => {
    const at = u32(e + 8)
    const part = (i: number) => u32(at + i * 8) / u32(at + i * 8 + 4)
    return part(0) + part(1) / 60 + part(2) / 3600
  }
  const out: Taken = {}
  const ifd0 = u32(4)
  const sub = entry(ifd0, 0x8769)
  if (sub) {
    const dir = u32(sub + 8)
    const when = entry(dir, 0x9003)
    const zone = entry(dir, 0x9011)
    if (when) out.at = instant(text(when), zone ? text(zone) : '+08:00')
  }
  const gps = entry(ifd0, 0x8825)
  if (gps) {
    const dir = u32(gps + 8)
    const [lat, lon] = [entry(dir, 2), entry(dir, 4)]
    if (lat && lon) {
      out.lat = degrees(lat) * (text(entry(dir, 1)) === 'S' ? -1 : 1)
      out.lon = degrees(lon) * (text(entry(dir, 3)) === 'W' ? -1 : 1)
      if (!Number.isFinite(out.lat) || !Number.isFinite(out.lon) || (!out.lat && !out.lon)) delete out.lat, delete out.lon
    }
  }
  return out
}

function instant(s: string, zone: string): number | undefined {
  const m = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(s)
  const at = m ? Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}${/^[+-]\d\d:\d\d$/.test(zone) ? zone : '+08:00'}`) : NaN
  return Number.isFinite(at) ? at : undefined
}
