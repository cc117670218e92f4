import { describe, expect, it } from 'vitest'
import { type Brought, refill } from './duty'

const empty: Brought = { kind: 'post', name: '', unit: '', area: '', place: '', leader: [], people: [] }
const one: Brought = { kind: 'market', name: '一队', unit: 'u1', area: 'a1', place: 'p1', leader: ['ann'], people: ['ann', 'ben'] }
const three: Brought = { kind: 'patrol', name: '三队', unit: 'u3', area: 'a3', place: '', leader: ['cai'], people: ['cai', 'dai'] }

describe('a duty from a team', () => {
  it('takes all that the team brings', () => expect(refill(empty, empty, one)).toEqual(one))
  it('leaves nothing of the former team', () => {
    expect(refill(one, one, three)).toEqual(three)
    expect(refill(one, one, empty)).toEqual(empty)
  })
  it('keeps what was typed', () => {
    const typed = { ...one, name: '夜市专班', area: 'a2', place: '', people: ['ann', 'ben', 'eva'] }
    expect(refill(typed, one, three)).toEqual({ ...three, name: '夜市专班', area: 'a2', place: '', people: ['cai', 'dai', 'eva'] })
  })
  it('keeps a place with its area', () => expect(refill({ ...one, place: 'p2' }, one, three)).toMatchObject({ area: 'a1', place: 'p2' }))
})
