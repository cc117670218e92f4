// Asking the server for one thing at a time, and telling what came of it.
import { ref, shallowRef } from 'vue'
import { Problem, uuidv7 } from '@/client/api'

/** One command keeps its key until it has an answer, so that a second press repeats and never doubles. */
export function useKey() {
  let key = ''
  return {
    get: () => (key ||= uuidv7()),
    done: () => {
      key = ''
    },
  }
}

interface Hooks {
  /** ends when the server refuses, since what is sent next is another command */
  key?: { done: () => void }
  /** follows what went well, still busy */
  done?: () => unknown
}

/** `act` runs what is asked unless it is busy; `then` is said when it went well. */
export function useAct(hooks: Hooks = {}) {
  const busy = ref(false)
  const said = ref('')
  const error = shallowRef<unknown>()
  async function act<T>(what: () => Promise<T>, then: string | ((got: T) => string) = ''): Promise<void> {
    if (busy.value) return
    busy.value = true
    said.value = ''
    error.value = undefined
    try {
      const got = await what()
      said.value = typeof then === 'string' ? then : then(got)
      await hooks.done?.()
    } catch (e) {
      error.value = e
      if (e instanceof Problem) hooks.key?.done()
    } finally {
      busy.value = false
    }
  }
  /** What the server says against one field. */
  const fault = (name: string) => (error.value instanceof Problem ? error.value.fields.find((f) => f.name === name)?.text : undefined)
  return { busy, said, error, act, fault }
}
