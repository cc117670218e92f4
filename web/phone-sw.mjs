// After "vite build": builds phone/sw.ts into dist/phone/sw.js with the list of
// the phone's files, under the fixed name a worker needs.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { reach } from './reach.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const manifest = JSON.parse(readFileSync(resolve(here, 'dist/.vite/manifest.json'), 'utf8'))
const entry = 'phone/index.html'
const assets = [...reach(manifest, [entry], true)].map((f) => '/' + f).sort()
const files = ['/m/', '/m/manifest.webmanifest', '/favicon.svg', '/icon-192.png', ...assets]

// Names of assets carry their content; the other files' bytes are added.
const sum = createHash('sha256').update(files.join('\n'))
for (const f of ['phone/index.html', 'phone/manifest.webmanifest', 'favicon.svg', 'icon-192.png']) sum.update(readFileSync(resolve(here, 'dist', f)))
sum.update(readFileSync(resolve(here, 'phone/sw.ts')))

await build({
  configFile: false,
  root: here,
  publicDir: false,
  logLevel: 'warn',
  define: {
    FILES: JSON.stringify(files),
    ENTRY: JSON.stringify('/' + manifest[entry].file),
    VERSION: JSON.stringify(sum.digest('hex').slice(0, 12)),
  },
  build: {
    outDir: 'dist/phone',
    emptyOutDir: false,
    target: ['chrome87', 'safari14'],
    modulePreload: false,
    rollupOptions: { input: resolve(here, 'phone/sw.ts'), output: { format: 'iife', entryFileNames: 'sw.js' } },
  },
})
console.log(`dist/phone/sw.js keeps ${files.length} files`)
