import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { slowSum } from './sum'
import { uuidv7 } from './api'

describe('names made in the browser', () => {
  it('hashes like everybody else at every length around a block', () => {
    for (const n of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 70000]) {
      const b = randomBytes(n)
      expect(Buffer.from(slowSum(b)).toString('hex')).toBe(createHash('sha256').update(b).digest('hex'))
    }
  })
  it('makes UUIDs of version 7 in order of time', () => {
    const a = uuidv7(1000), b = uuidv7(2000)
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(a < b).toBe(true)
    expect(parseInt(a.replace(/-/g, '').slice(0, 12), 16)).toBe(1000)
  })
})
