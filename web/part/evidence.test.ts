import { expect, test } from 'vitest'
import { sizeSaid, titleOf, yearOf, yearsSaid } from './evidence'

test('a file name becomes a title and a year', () => {
  expect(titleOf('2025年_清扫保洁记录.pdf')).toBe('2025年 清扫保洁记录')
  expect(titleOf('会议纪要.最终版.docx')).toBe('会议纪要.最终版')
  expect(yearOf('2025年总结.pdf', 2026)).toBe(2025)
  expect(yearOf('2024-2026规划.pdf', 2026)).toBe(2026)
  expect(yearOf('城管〔2031〕5号.pdf', 2026)).toBeUndefined()
  expect(yearOf('编号120256.pdf', 2026)).toBeUndefined()
})

test('sizes and years are said briefly', () => {
  expect(sizeSaid(10)).toBe('1 KB')
  expect(sizeSaid(3 << 20)).toBe('3.0 MB')
  expect(yearsSaid({ year: 2025, to_year: 2025 })).toBe('2025')
  expect(yearsSaid({ year: 2024, to_year: 2026 })).toBe('2024–2026')
})
