import { beforeEach, describe, expect, it } from 'vitest'

const { dayOf, dueText, longDay, timeText, todayIs, trouble, troubles } = await import('./say')
const { Problem } = await import('@/client/api')
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

describe('what is said of an error', () => {
  const told = (title: string, ...texts: string[]) => new Problem({ type: 'about:blank', status: 422, code: 'input.invalid', title, fields: texts.map((text, i) => ({ name: `f${i}`, text })) })
  beforeEach(() => setLang('zh'))
  it('says the fault of a single field once', () => {
    const e = told('请改正后再提交：缺少名称', '缺少名称')
    expect(trouble(e)).toEqual({ title: '请改正后再提交：缺少名称', detail: '' })
    expect(troubles(e)).toEqual({ title: '请改正后再提交：缺少名称', detail: '', list: [] })
    expect(troubles(told('请选择片区或点位。', '必选'))).toEqual({ title: '请选择片区或点位。', detail: '必选', list: [] })
  })
  it('lists those of several where there is room, and says them in the title where not', () => {
    const e = told('请改正后再提交：缺少名称；没有这个点位；缺少名称', '缺少名称', '没有这个点位', '缺少名称')
    expect(troubles(e)).toEqual({ title: '请改正后再提交', detail: '', list: ['缺少名称', '没有这个点位'] })
    expect(trouble(e)).toEqual({ title: e.title, detail: '' })
    expect(troubles(told('Please correct and send again: no name; no place', 'no name', 'no place'))).toMatchObject({ title: 'Please correct and send again', list: ['no name', 'no place'] })
    expect(troubles(told('有 2 处需要改正。', '甲', '乙'))).toEqual({ title: '有 2 处需要改正。', detail: '', list: ['甲', '乙'] })
  })
  it('tells the number under which the log has it, unless it is told already', () => {
    const fault = (title: string) => new Problem({ type: 'about:blank', status: 500, code: 'internal', title, number: 'K7' })
    expect(trouble(fault('服务器出错了，错误编号 K7')).detail).toBe('')
    expect(troubles(fault('服务器出错了')).detail).toBe('请把编号 K7 告诉管理员。')
  })
})
