// Photos on the phone: taken by the camera or chosen, shrunk before they are
// kept, with the time and place they were taken.
import type { Shot } from '@/part/outbox/types'
import { takenOf } from './exif'
import { sha256 } from './sha256'

const longest = 1600
const quality = 0.8

/** shrink makes a Shot of a picture: at most 1600 px and never more bytes than it had. */
export async function shrink(file: Blob, source: Shot['source'], here?: { lat: number; lon: number; accuracy: number }): Promise<Shot> {
  const original = await file.arrayBuffer()
  const taken = takenOf(original)
  const image = await decode(file)
  const scale = Math.min(1, longest / Math.max(image.width, image.height))
  const width = Math.max(1, Math.round(image.width * scale))
  const height = Math.max(1, Math.round(image.height * scale))
  const small = await draw(image, width, height)
  const keep = file.type === 'image/jpeg' && scale === 1 && original.byteLength <= small.byteLength ? original : small
  const place = taken.lat !== undefined ? { lat: taken.lat, lon: taken.lon } : source === 'camera' ? here : undefined
  return { sha256: await sha256(keep), bytes: keep, type: 'image/jpeg', width, height, takenAt: taken.at ?? Date.now(), ...place, source }
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

async function draw(image: Picture, width: number, height: number): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')!.drawImage(image, 0, 0, width, height)
  const blob = await new Promise<Blob | null>((ok) => canvas.toBlob(ok, 'image/jpeg', quality))
  if (!blob) throw new Error('this browser could not write the picture')
  return blob.arrayBuffer()
}

/** where asks once for the position; undefined when the person or the phone does not tell. */
export function where(patience = 8000): Promise<{ lat: number; lon: number; accuracy: number } | undefined> {
  if (!navigator.geolocation) return Promise.resolve(undefined)
  return new Promise((ok) => {
    navigator.geolocation.getCurrentPosition(
      (p) => ok({ lat: p.coords.latitude, lon: p.coords.longitude, accuracy: p.coords.accuracy }),
      () => ok(undefined),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 30_000 },
    )
  })
}

/** Camera is the live view of the back camera, where the browser gives one. */
export class Camera {
  private stream: MediaStream | undefined

  /** open shows the view; false means there is none and a file input must do. */
  async open(view: HTMLVideoElement): Promise<boolean> {
    if (!navigator.mediaDevices?.getUserMedia) return false
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1440 } }, audio: false })
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
    const canvas = document.createElement('canvas')
    canvas.width = view.videoWidth
    canvas.height = view.videoHeight
    canvas.getContext('2d')!.drawImage(view, 0, 0)
    const blob = await new Promise<Blob | null>((ok) => canvas.toBlob(ok, 'image/jpeg', 0.92))
    if (!blob) throw new Error('the camera gave no picture')
    return blob
  }

  close(): void {
    for (const t of this.stream?.getTracks() ?? []) t.stop()
    this.stream = undefined
  }
}
