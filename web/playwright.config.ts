import { defineConfig } from '@playwright/test'

// The walks run against the real program with a small demo county of its own.
// Checkouts beside one another each take a port of their own.
export const port = Number(process.env.E2E_PORT ?? 8190)
export const data = `/tmp/chuangwei-e2e-${port}`

export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 1, // the walks share one county, and the machine has two cores
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    geolocation: { latitude: 22.7782, longitude: 103.229 },
    permissions: ['geolocation', 'camera'],
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `rm -rf ${data} && ../.tools/chuangwei demo -d ${data} -a 127.0.0.1:${port} --history 150`,
    url: `http://127.0.0.1:${port}/healthz`,
    timeout: 240_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
})
