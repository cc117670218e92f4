// Pictures of what is only on the phone yet.
import { type Ref, computed, onScopeDispose, watch } from 'vue'
import type { Shot } from '@/part/outbox/types'

/** previews gives addresses an <img> can show, and lets them go again. */
export function previews(shots: Ref<Shot[]>) {
  const made = new Map<string, string>()
  const urls = computed(() => shots.value.map((s) => {
    const old = made.get(s.sha256)
    if (old) return old
    const u = URL.createObjectURL(new Blob([s.bytes], { type: s.type }))
    made.set(s.sha256, u)
    return u
  }))
  watch(shots, (now) => {
    for (const [sum, u] of made) {
      if (now.some((s) => s.sha256 === sum)) continue
      URL.revokeObjectURL(u)
      made.delete(sum)
    }
  })
  onScopeDispose(() => made.forEach((u) => URL.revokeObjectURL(u)))
  return urls
}
