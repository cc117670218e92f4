// The administrator bends the map of areas: a survey's file with a mistake, one
// that overlaps its neighbour, and an outline drawn by hand.
import { expect, test } from '@playwright/test'
import { desk, signIn } from './county'

test.use({ viewport: desk })

test('areas come in from a file and are drawn, and say where they do not fit', async ({ page, context }) => {
  await signIn(context, 'guanli')
  await page.goto('/desk/areas')
  await expect(page.getByText(/没有 200 平方米以上的重叠或缝隙|平方米/).first()).toBeVisible()
  const seams = page.locator('.side .pick').first().getByRole('button')

  const feature = (code: string, ring: number[][]) => ({ type: 'Feature', properties: { code, name: `测试片区${code}` }, geometry: { type: 'Polygon', coordinates: [ring] } })
  const file = (...features: object[]) => ({ name: 'areas.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })) })
  const at = (x: number, y: number, s: number) => [[x, y], [x + s, y], [x + s, y + s], [x, y + s], [x, y]]
  await page.locator('input[type=file]').setInputFiles(file(feature('T1', at(103.4, 22.9, 0.01)), feature('T2', [[103.5, 22.9], [103.51, 22.91], [103.51, 22.9], [103.5, 22.91], [103.5, 22.9]])))
  await expect(page.getByText('features[1].geometry')).toBeVisible()

  await page.locator('input[type=file]').setInputFiles(file(feature('T1', at(103.4, 22.9, 0.01)), feature('T2', at(103.409, 22.9, 0.01))))
  await expect(page.getByText('新增 2，修改 0')).toBeVisible()
  await expect(seams.filter({ hasText: '测试片区T1 与 测试片区T2' })).toBeVisible()
  await page.screenshot({ path: 'test-results/areas-preview.png' })
  await page.getByRole('button', { name: '取消' }).click()
  await expect(page.getByText('测试片区T1')).toHaveCount(0)

  await page.getByRole('button', { name: '画新片区' }).click()
  await page.getByLabel('编号').fill('T3')
  await page.getByLabel('名称').fill('手画片区')
  const map = (await page.locator('.canvas').boundingBox())!
  for (const [x, y] of [[0.45, 0.45], [0.55, 0.45], [0.55, 0.55]]) await page.mouse.click(map.x + x * map.width, map.y + y * map.height, { delay: 40 })
  await page.mouse.dblclick(map.x + 0.45 * map.width, map.y + 0.55 * map.height)
  await page.getByRole('button', { name: '看会改什么' }).click()
  await expect(page.getByText('新增 1，修改 0')).toBeVisible()
  await expect(seams.filter({ hasText: '手画片区' }).first()).toBeVisible() // in the middle of the town it lies over others
  await page.screenshot({ path: 'test-results/areas-drawn.png' })
  await page.getByRole('button', { name: '取消' }).click()
})
