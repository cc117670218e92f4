// Residents' pages: report at a place (/q/CODE) or anywhere (/), follow a
// report (/r/CODE). No account.
import { createApp } from 'vue'
import '@/part/theme.css'
import './public.css'
import Follow from './Follow.vue'
import Landing from './Landing.vue'
import Report from './Report.vue'

const [, page, code] = location.pathname.split('/')
const at = decodeURIComponent(code ?? '').toUpperCase()
const root = page === 'q' ? createApp(Report, { code: at }) : page === 'r' ? createApp(Follow, { code: at }) : createApp(Landing)
root.mount('#app')
