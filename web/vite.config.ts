import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import vue from '@vitejs/plugin-vue'

const here = dirname(fileURLToPath(import.meta.url))

// The addresses people see, and the entry that answers each.
// The Go server (internal/face/site) keeps the same table.
const pages: [RegExp, string][] = [
  [/^\/desk(\/|$)/, '/desk/index.html'],
  [/^\/m(\/|$)/, '/phone/index.html'],
  [/^\/sign(\/|$)/, '/sign/index.html'],
  [/^\/((q|r)\/.*)?$/, '/public/index.html'],
]

function addresses(): Plugin {
  return {
    name: 'addresses',
    configureServer(server) {
      server.middlewares.use((req, _res, next) => {
        const path = (req.url ?? '/').split('?')[0]
        if (!/\.[a-z0-9]+$/i.test(path) && req.headers.accept?.includes('text/html')) {
          const hit = pages.find(([at]) => at.test(path))
          if (hit) req.url = hit[1]
        }
        next()
      })
    },
  }
}

const api = process.env.CHUANGWEI_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: here,
  base: '/',
  publicDir: 'public-assets',
  plugins: [vue(), addresses()],
  resolve: { alias: { '@': here } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0, // nothing as data: URL in scripts; the policy is script-src 'self'
    target: ['chrome87', 'safari14'],
    cssTarget: ['chrome87', 'safari14'],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: {
        desk: resolve(here, 'desk/index.html'),
        phone: resolve(here, 'phone/index.html'),
        public: resolve(here, 'public/index.html'),
        sign: resolve(here, 'sign/index.html'),
      },
    },
  },
  server: {
    port: 5180,
    proxy: {
      '/api': { target: api, changeOrigin: false },
    },
  },
})
