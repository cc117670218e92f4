import { expect, test, vi } from 'vitest'
import { Offline, Problem } from '@/client/api'
import { useAct, useKey } from './act'

const refused = new Problem({ type: 'about:blank', status: 422, code: 'input.invalid', title: '请改正后再提交：必选', fields: [{ name: 'area', text: '必选' }] })

test('a second press waits for the first, and for what follows it', async () => {
  let answer = (_: string) => {}
  let follow = () => {}
  const { busy, said, act } = useAct({ done: () => new Promise<void>((r) => { follow = r }) })
  const again = vi.fn()
  const first = act(() => new Promise<string>((r) => { answer = r }), (name) => `${name} 已登记`)
  await act(again)
  answer('王芳')
  await vi.waitFor(() => expect(said.value).toBe('王芳 已登记'))
  await act(again)
  expect([busy.value, again.mock.calls.length]).toEqual([true, 0])
  follow()
  await first
  expect(busy.value).toBe(false)
})

test('what went wrong stands until the next try, and what was said goes with it', async () => {
  const done = vi.fn()
  const { said, error, act, fault } = useAct({ done })
  await act(async () => {}, '已改')
  await act(() => Promise.reject(refused), '已改')
  expect([said.value, error.value, fault('area'), fault('name')]).toEqual(['', refused, '必选', undefined])
  await act(async () => {})
  expect([error.value, fault('area'), done.mock.calls.length]).toEqual([undefined, undefined, 2])
})

test('a command keeps its key when nobody answered, and not when it was refused', async () => {
  const key = useKey()
  const { act } = useAct({ key })
  const sent: string[] = []
  const send = (why: Error) => act(() => { sent.push(key.get()); return Promise.reject(why) })
  await send(new Offline())
  await send(refused)
  await send(refused)
  expect(sent[1]).toBe(sent[0])
  expect(sent[2]).not.toBe(sent[1])
})
