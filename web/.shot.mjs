import { chromium } from '@playwright/test'
const base = 'http://127.0.0.1:8299'
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const [,, login, path, name, w='1440', h='900', act=''] = process.argv
const ctx = await browser.newContext({ viewport: { width: +w, height: +h }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
await ctx.request.post(base + '/api/session', { data: { login, password: 'chuangwei' } })
const page = await ctx.newPage()
page.on('console', m => { if (m.type() === 'error') console.log('console', m.text()) })
page.on('pageerror', e => console.log('pageerror', e.message))
await page.goto(base + path)
await page.waitForTimeout(1800)
if (act) { await eval(`(async () => { ${act} })()`); await page.waitForTimeout(1200) }
await page.screenshot({ path: `/tmp/${name}.png` })
await browser.close()
