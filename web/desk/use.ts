// Loading with a skeleton the first time, quietly afterwards, and a way to try again.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { pulse } from './store'

export interface Loaded<T> {
  data: Ref<T | null>
  error: Ref<unknown>
  /** true until the first answer; never again afterwards, so nothing flickers */
  first: Ref<boolean>
  busy: Ref<boolean>
  load: () => Promise<void>
}

/** Load when `on` changes (fresh) and when the county changes (quietly). */
export function useLoad<T>(get: (signal: AbortSignal) => Promise<T>, on: WatchSource<unknown> | null = null, liveToo = true): Loaded<T> {
  const data = shallowRef<T | null>(null) as Ref<T | null>
  const error = shallowRef<unknown>(null)
  const first = ref(true)
  const busy = ref(false)
  let gone: AbortController | null = null

  async function load(): Promise<void> {
    gone?.abort()
    const mine = (gone = new AbortController())
    busy.value = true
    try {
      const v = await get(mine.signal)
      if (mine.signal.aborted) return
      data.value = v
      error.value = null
    } catch (e) {
      if (mine.signal.aborted) return
      error.value = e
    } finally {
      if (!mine.signal.aborted) {
        first.value = false
        busy.value = false
      }
    }
  }
  if (on) {
    watch(on, () => {
      data.value = null
      error.value = null
      first.value = true
      void load()
    })
  }
  if (liveToo) watch(pulse, () => void load())
  onScopeDispose(() => gone?.abort())
  void load()
  return { data, error, first, busy, load }
}

export function useKeys(act: (key: string, e: KeyboardEvent) => boolean | void): void {
  const on = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return
    const at = e.target as HTMLElement | null
    if (at?.closest('input, textarea, select, [contenteditable], .el-select__popper')) return
    if (act(e.key, e)) e.preventDefault()
  }
  window.addEventListener('keydown', on)
  onScopeDispose(() => window.removeEventListener('keydown', on))
}
