// The budget of the way to a photo: everything the phone loads to open and to
// use the capture screen, compressed as the server would. Exits 1 above it.
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { reach } from './reach.mjs'

const budget = 120 * 1024
const dist = resolve(dirname(fileURLToPath(import.meta.url)), 'dist')
const manifest = JSON.parse(readFileSync(resolve(dist, '.vite/manifest.json'), 'utf8'))

// import() made inside these modules happens on the way to a sent photo; the
// entry's own import() are the other pages.
const entry = 'phone/index.html'
const capture = 'phone/pages/Capture.vue'
const other = new Set(manifest[entry].dynamicImports.filter((k) => k !== capture))
const needed = new Set([entry, capture])
for (let grew = true; grew;) {
  grew = false
  for (const key of [...needed]) {
    const chunk = manifest[key]
    for (const k of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) {
      if (!other.has(k) && !needed.has(k)) grew = !!needed.add(k)
    }
  }
}
const files = ['phone/index.html', ...[...reach(manifest, [...needed], false)].filter((f) => /\.(js|css)$/.test(f))]
const rows = files.map((f) => {
  const b = readFileSync(resolve(dist, f))
  return { f, plain: b.length, gzip: gzipSync(b, { level: 9 }).length }
}).sort((a, b) => b.gzip - a.gzip)
const total = rows.reduce((n, r) => n + r.gzip, 0)
const kb = (n) => (n / 1024).toFixed(1).padStart(7)

console.log('   gzip   plain KiB')
for (const r of rows) console.log(`${kb(r.gzip)} ${kb(r.plain)}  ${r.f}`)
console.log(`${kb(total)}          of ${budget / 1024} KiB for home and capture`)
if (total > budget) {
  console.error('over the budget')
  process.exit(1)
}
