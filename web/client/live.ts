// Server-sent changes, with the connection's own state for the screen to show.

export interface Change {
  seq: number
  kind: string
  subject: string
}
export type Line = 'connecting' | 'open' | 'lost'

export interface Live {
  close(): void
}

/**
 * Listen to /api/live. `onChange` gets each change; `onLine` says when the line is lost and found again.
 * After a loss the caller should load afresh, for changes were missed: `onLine('open', true)`.
 */
export function live(onChange: (c: Change) => void, onLine: (line: Line, missed: boolean) => void): Live {
  let source: EventSource | null = null
  let timer = 0
  let wait = 1000
  let lost = false
  let closed = false

  function open(): void {
    if (closed) return
    source = new EventSource('/api/live', { withCredentials: true })
    source.onopen = () => {
      wait = 1000
      onLine('open', lost)
      lost = false
    }
    source.addEventListener('change', (e) => {
      try {
        onChange(JSON.parse((e as MessageEvent<string>).data) as Change)
      } catch {
        onChange({ seq: 0, kind: '', subject: '' })
      }
    })
    source.onerror = () => {
      source?.close()
      source = null
      lost = true
      onLine('lost', true)
      window.clearTimeout(timer)
      timer = window.setTimeout(open, wait + Math.random() * 500)
      wait = Math.min(wait * 2, 20000)
    }
  }

  const again = () => {
    if (!source && !closed) {
      window.clearTimeout(timer)
      open()
    }
  }
  window.addEventListener('online', again)
  onLine('connecting', false)
  open()

  return {
    close() {
      closed = true
      window.clearTimeout(timer)
      window.removeEventListener('online', again)
      source?.close()
    },
  }
}
