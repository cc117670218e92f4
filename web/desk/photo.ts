// Send one photo: its name is the SHA-256 of its bytes, so a photo the server has is not sent again.
import { Upload } from 'tus-js-client'
import { sumOf } from '@/client/sum'

export async function sendPhoto(file: File): Promise<string> {
  const sum = await sumOf(file)
  const has = await fetch(`/api/photos/${sum}`, { method: 'HEAD', credentials: 'same-origin' }).catch(() => null)
  if (has?.ok && has.headers.get('Chuangwei') === '1') return sum
  await new Promise<void>((ok, bad) => {
    new Upload(file, {
      endpoint: '/api/uploads/', chunkSize: 1 << 20, retryDelays: [0, 1000, 3000, 8000], removeFingerprintOnSuccess: true,
      metadata: { sha256: sum, filetype: file.type || 'image/jpeg', filename: file.name },
      onSuccess: () => ok(), onError: bad,
    }).start()
  })
  return sum
}
