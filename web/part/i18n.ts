// A small typed dictionary: Chinese first, English selectable, the choice kept.
import { reactive } from 'vue'
import { speak } from '@/client/api'

export type Lang = 'zh' | 'en'
const KEPT = 'cw.lang'

function kept(): Lang | '' {
  try {
    const v = localStorage.getItem(KEPT)
    return v === 'en' || v === 'zh' ? v : ''
  } catch {
    return ''
  }
}

export const tongue = reactive({ lang: (kept() || 'zh') as Lang })

function apply(lang: Lang): void {
  speak(lang)
  if (typeof document !== 'undefined') document.documentElement.lang = lang === 'en' ? 'en' : 'zh-CN'
}
apply(tongue.lang)

export function setLang(lang: Lang): void {
  tongue.lang = lang
  apply(lang)
  try {
    localStorage.setItem(KEPT, lang)
  } catch { /* private window: the choice lasts as long as the page */ }
}

/** Take the person's own language unless this browser already chose one. */
export function offerLang(lang: Lang): void {
  if (!kept()) {
    tongue.lang = lang
    apply(lang)
  }
}

/** One text in both languages, read in the one chosen now. */
export type Both = readonly [zh: string, en: string]
export const say = (t: Both): string => (tongue.lang === 'en' ? t[1] : t[0])

/** Make a typed `t('key', {n: 3})` of a dictionary; `{n}` is replaced. */
export function words<D extends Record<string, Both>>(dict: D) {
  return (key: keyof D, fill?: Record<string, string | number>): string => {
    let s = say(dict[key])
    if (fill) for (const [k, v] of Object.entries(fill)) s = s.split(`{${k}}`).join(String(v))
    return s
  }
}

/** A text said in place, in both languages: L('派遣', 'Assign'). */
export const L = (zh: string, en: string): string => (tongue.lang === 'en' ? en : zh)
