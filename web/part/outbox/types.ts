// What waits on the phone until the server has proved that it has it.

/** A photo as it was shrunk on the phone; bytes as ArrayBuffer, which every IndexedDB keeps. */
export interface Shot {
  sha256: string
  bytes: ArrayBuffer
  type: string
  width: number
  height: number
  takenAt: number
  lat?: number
  lon?: number
  accuracy?: number
  source: 'camera' | 'gallery'
}

/** A form that is not finished; survives a crash. */
export interface Draft {
  id: string
  form: string
  body: Record<string, unknown>
  shots: Shot[]
  savedAt: number
}

export interface PhotoState {
  sha256: string
  size: number
  sent: number
  uploadUrl: string
  /** Bytes of it may have reached the server. */
  begun?: boolean
  confirmed: boolean
}

export type ItemState = 'waiting' | 'sending' | 'needs_sign_in' | 'needs_you' | 'done'

/** One command with its photos. Its id is the Idempotency-Key, so sending it twice has no second effect. */
export interface Item {
  id: string
  title: string
  path: string
  body: Record<string, unknown>
  about: string
  public: boolean
  /** Who was signed in when it was made; nobody else may send it. */
  by?: string
  photos: PhotoState[]
  madeAt: number
  seq: number
  state: ItemState
  problem?: { title: string; code: string; fields?: { name: string; text: string }[] }
  tries: number
  nextAt: number
  sent: number
  total: number
}

/** What was sent, kept so that a person can look it up. */
export interface Receipt {
  id: string
  title: string
  about: string
  public?: boolean
  sentAt: number
  answer: unknown
}

export interface Snapshot {
  items: Item[]
  online: boolean
  sent: number
  total: number
}

export interface NewItem {
  title: string
  path: string
  body: Record<string, unknown>
  about?: string
  shots?: Shot[]
  public?: boolean
}

/** The phone could not keep it; the form must stay open. */
export class NotKept extends Error {
  readonly full: boolean
  constructor(cause: unknown) {
    super('not kept', { cause })
    this.name = 'NotKept'
    this.full = cause instanceof DOMException && cause.name === 'QuotaExceededError'
  }
}
