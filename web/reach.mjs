// What a page loads, read from Vite's manifest.

/** reach names the files of the given manifest keys and of all they import; `lazy` follows import() too. */
export function reach(manifest, keys, lazy) {
  const files = new Set()
  const seen = new Set()
  const walk = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    if (!chunk) throw new Error(`the manifest has no ${key}; run "npm run build"`)
    files.add(chunk.file)
    for (const f of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(f)
    for (const k of [...(chunk.imports ?? []), ...(lazy ? (chunk.dynamicImports ?? []) : [])]) walk(k)
  }
  keys.forEach(walk)
  return files
}
