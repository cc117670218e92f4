// Send one photo: its name is the SHA-256 of its bytes, so a photo the server has is not sent again.
import { Upload } from 'tus-js-client'
import { NotOurs, Offline, Problem, type Schemas } from '@/client/api'
import { sumOf } from '@/client/sum'

export async function sendPhoto(file: File): Promise<string> {
  const sum = await sumOf(file)
  const has = await fetch(`/api/photos/${sum}`, { method: 'HEAD', credentials: 'same-origin' }).catch(() => null)
  if (has?.ok && has.headers.get('Chuangwei') === '1') return sum
  await new Promise<void>((ok, bad) => {
    new Upload(file, {
      endpoint: '/api/uploads/', chunkSize: 1 << 20, retryDelays: [0, 1000, 3000, 8000], removeFingerprintOnSuccess: true, uploadDataDuringCreation: true,
      metadata: { sha256: sum, filetype: file.type || 'image/jpeg', filename: file.name },
      onSuccess: () => ok(), onError: bad,
    }).start()
  })
  return sum
}

/** Send a paper of any type the server takes; `progress` tells how much of it, 0 to 1. */
export async function sendDocument(file: File, progress: (part: number) => void): Promise<string> {
  const sum = await sumOf(file)
  await new Promise<void>((ok, bad) => {
    new Upload(file, {
      endpoint: '/api/uploads/papers/', chunkSize: 4 << 20, retryDelays: [0, 1000, 3000, 8000], removeFingerprintOnSuccess: true, uploadDataDuringCreation: true,
      metadata: { sha256: sum, filetype: file.type, filename: file.name },
      onProgress: (sent, of) => progress(of ? sent / of : 0), onSuccess: () => ok(), onError: (e) => bad(refusal(e)),
    }).start()
  })
  return sum
}

/** What the server said against an upload, as any other refusal of it. */
function refusal(e: unknown): unknown {
  const body = (e as { originalResponse?: { getBody(): string } | null }).originalResponse?.getBody()
  if (!body) return new Offline()
  try {
    return new Problem(JSON.parse(body) as Schemas['Problem'])
  } catch { return new NotOurs(0) }
}
