import { beforeEach, describe, expect, it } from 'vitest'

const { dayOf, dueText, longDay, timeText, todayIs } = await import('./say')
const { setLang } = await import('./i18n')

const of = (due_on: string, flags: string[] = ['open'], state = 'accepted') => ({ due_on, flags, state }) as never

describe('what is said of a due day', () => {
  beforeEach(() => { setLang('zh'); todayIs('2026-11-24') })
  it('counts calendar days from the county\'s today', () => {
    expect(dueText(of('2026-11-27')).text).toBe('剩3天')
    expect(dueText(of('2026-11-24')).text).toBe('今天到期')
    expect(dueText(of('2026-11-22', ['overdue']))).toEqual({ text: '超期2天', tone: 'overdue' })
    expect(dueText(of('2026-11-24', ['overdue'])).text).toBe('今天已超期')
    expect(dueText(of('2027-01-01')).text).toBe('剩38天')
  })
  it('says when the clock stands or the case is done', () => {
    expect(dueText(of('2026-11-01', [], 'blocked')).text).toBe('已暂停计时')
    expect(dueText(of('2026-11-01', [], 'closed')).text).toBe('已办结')
    expect(dueText(of('')).text).toBe('未定时限')
  })
  it('tells days in the county\'s zone, not the screen\'s', () => {
    const at = Date.UTC(2026, 10, 23, 16, 30) // half past midnight in Shanghai
    expect(dayOf(at)).toBe('2026-11-24')
    expect(timeText(at)).toBe('今天 00:30')
    expect(longDay('2026-11-24')).toBe('2026年11月24日 星期二')
  })
  it('speaks English too', () => {
    setLang('en')
    expect(dueText(of('2026-11-22', ['overdue'])).text).toBe('2 d overdue')
  })
})
