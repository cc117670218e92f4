// Photos on the phone: taken by the camera or chosen, shrunk before they are
// kept, with the time and place they were taken.
import { sumOf } from '@/client/sum'
import type { Shot } from '@/part/outbox/types'
import { takenOf } from './exif'

const longest = 1600
const quality = 0.8

export type Here = { lat: number; lon: number; accuracy: number }

/** shrink makes a Shot of a picture: at most 1600 px, unless that would take more bytes than it had. */
export async function shrink(file: Blob, source: Shot['source'], here?: Here): Promise<Shot> {
  const original = await file.arrayBuffer()
  const taken = takenOf(original)
  const small = await redraw(file)
  const kept = file.type === 'image/jpeg' && original.byteLength <= small.bytes.byteLength ? { ...small, bytes: original, ...small.from } : small
  return {
    sha256: await sumOf(new Blob([kept.bytes])), bytes: kept.bytes, type: 'image/jpeg', width: kept.width, height: kept.height,
    takenAt: taken.at ?? written(file, source), ...placeOf(taken, source, here), source,
  }
}

/** An old picture from the gallery says nothing of now; its file at least says when it was written. */
function written(file: Blob, source: Shot['source']): number {
  const at = file instanceof File ? file.lastModified : 0
  return source === 'gallery' && at > 0 && at < Date.now() ? at : Date.now()
}

/** The phone's position tells about what its camera sees now, not about a picture from the gallery. */
function placeOf(taken: { lat?: number; lon?: number }, source: Shot['source'], here?: Here): Partial<Here> {
  if (taken.lat !== undefined) return { lat: taken.lat, lon: taken.lon }
  return source === 'camera' && here ? { lat: here.lat, lon: here.lon, accuracy: here.accuracy } : {}
}

type Picture = ImageBitmap | HTMLImageElement

/** decode turns the picture upright, as its EXIF says. */
async function decode(file: Blob): Promise<Picture> {
  if ('createImageBitmap' in window) {
    try {
      return await createImageBitmap(file, { imageOrientation: 'from-image' })
    } catch { /* older browsers know no options; an <img> turns the picture too */ }
  }
  const img = new Image()
  img.src = URL.createObjectURL(file)
  try {
    await img.decode()
    return img
  } finally {
    URL.revokeObjectURL(img.src)
  }
}

interface Drawn {
  bytes: ArrayBuffer
  width: number
  height: number
  from: { width: number; height: number }
}

async function redraw(file: Blob): Promise<Drawn> {
  const image = await decode(file)
  try {
    const from = { width: image.width, height: image.height }
    const scale = Math.min(1, longest / Math.max(from.width, from.height))
    const width = Math.max(1, Math.round(from.width * scale))
    const height = Math.max(1, Math.round(from.height * scale))
    return { bytes: await draw(image, width, height), width, height, from }
  } finally {
    if ('close' in image) image.close() // fifty megabytes that an old phone needs back at once
  }
}

async function draw(image: Picture, width: number, height: number): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const g = canvas.getContext('2d')
  if (!g) throw new Error('this browser could not draw the picture')
  g.fillStyle = '#fff' // a screenshot may be transparent, a JPEG is not
  g.fillRect(0, 0, width, height)
  g.imageSmoothingQuality = 'high'
  g.drawImage(image, 0, 0, width, height)
  return (await jpeg(canvas, quality)).arrayBuffer()
}

async function jpeg(canvas: HTMLCanvasElement, q: number): Promise<Blob> {
  const blob = await new Promise<Blob | null>((ok) => canvas.toBlob(ok, 'image/jpeg', q))
  canvas.width = 0 // iOS keeps the memory of a canvas until it is made small
  if (!blob) throw new Error('this browser could not write the picture')
  return blob
}

/** where asks once for the position, roughly when the satellites cannot be seen; undefined when the person or the phone does not tell. */
export async function where(patience = 8000): Promise<Here | undefined> {
  if (!navigator.geolocation) return undefined
  return (await position(true, patience)) ?? position(false, 3000)
}

function position(exact: boolean, timeout: number): Promise<Here | undefined> {
  return new Promise((ok) => {
    setTimeout(() => ok(undefined), timeout + 2000) // a question nobody answers would leave us waiting
    navigator.geolocation.getCurrentPosition(
      ({ coords: c }) => ok({ lat: c.latitude, lon: c.longitude, accuracy: c.accuracy }),
      () => ok(undefined),
      { enableHighAccuracy: exact, timeout, maximumAge: exact ? 30_000 : 300_000 },
    )
  })
}

/** Camera is the live view of the back camera, where the browser gives one. */
export class Camera {
  private stream: MediaStream | undefined
  private closed = false

  /** open shows the view; false means there is none and a file input must do. */
  async open(view: HTMLVideoElement): Promise<boolean> {
    if (!navigator.mediaDevices?.getUserMedia) return false
    this.closed = false
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1440 } }, audio: false })
      if (this.closed) throw new Error('left while the browser asked') // or the camera would stay on unseen
      view.srcObject = this.stream
      await view.play()
      return true
    } catch {
      this.close()
      return false
    }
  }

  /** shoot takes what the view shows now. */
  async shoot(view: HTMLVideoElement): Promise<Blob> {
    if (!view.videoWidth) throw new Error('the camera shows nothing yet')
    const canvas = document.createElement('canvas')
    canvas.width = view.videoWidth
    canvas.height = view.videoHeight
    canvas.getContext('2d')!.drawImage(view, 0, 0)
    return jpeg(canvas, 0.92)
  }

  close(): void {
    this.closed = true
    for (const t of this.stream?.getTracks() ?? []) t.stop()
    this.stream = undefined
  }
}
