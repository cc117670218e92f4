// Makes the pictures of the README from the demo county that `make run` shows.
import { chromium } from '@playwright/test'
import { fileURLToPath } from 'node:url'

const base = process.env.CHUANGWEI ?? 'http://127.0.0.1:8080'
const to = (name) => fileURLToPath(new URL(`../docs/pictures/${name}.png`, import.meta.url))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
})

async function picture(name, login, path, width, height) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
    geolocation: { latitude: 22.7782, longitude: 103.229 }, permissions: ['geolocation', 'camera'],
  })
  if (login) await context.request.post(`${base}/api/session`, { data: { login, password: 'chuangwei' } })
  const page = await context.newPage()
  await page.goto(base + (typeof path === 'function' ? await path(context) : path))
  await page.waitForLoadState('networkidle').catch(() => {}) // the live stream never idles
  await page.waitForTimeout(1500) // photos and map tiles settle; this is a picture, not a test
  await page.screenshot({ path: to(name) })
  await context.close()
}

const somePlace = async (context) => {
  await context.request.post(`${base}/api/session`, { data: { login: 'guanli', password: 'chuangwei' } })
  const { items } = await (await context.request.get(`${base}/api/places`)).json()
  return `/q/${items.find((p) => p.kind === '农贸市场').code}`
}

await picture('overview', 'zhihui', '/desk/', 1280, 800)
await picture('dispatch', 'diaodu', '/desk/dispatch', 1280, 800)
await picture('verify', 'hecha', '/desk/verify', 1280, 800)
await picture('phone', 'xuncha', '/m/', 390, 844)
await picture('resident', '', somePlace, 390, 844)
await browser.close()
