import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import '@/part/theme.css'
import './phone.css'
import { whenSignedOut } from '@/client/api'
import App from './App.vue'
import Home from './pages/Home.vue'
import { registerWorker } from './register-sw'
import { signedOut } from './store'

const router = createRouter({
  history: createWebHistory('/m/'),
  routes: [
    { path: '/', name: 'home', component: Home },
    { path: '/capture', name: 'capture', component: () => import('./pages/Capture.vue'), meta: { bare: true, full: true } },
    { path: '/outbox', name: 'outbox', component: () => import('./pages/Waiting.vue') },
    { path: '/cases', name: 'cases', component: () => import('./pages/Cases.vue') },
    { path: '/cases/:id', name: 'case', component: () => import('./pages/CaseOne.vue'), meta: { bare: true } },
    { path: '/duties', name: 'duties', component: () => import('./pages/Duties.vue') },
    { path: '/duties/:id', name: 'duty', component: () => import('./pages/DutyOne.vue'), meta: { bare: true } },
    { path: '/area', name: 'area', component: () => import('./pages/Area.vue') },
    { path: '/inspect', name: 'inspect', component: () => import('./pages/Inspect.vue') },
    { path: '/inspect/:code', name: 'inspect-one', component: () => import('./pages/InspectOne.vue'), meta: { bare: true } },
    { path: '/sheets', name: 'sheets', component: () => import('./pages/Sheets.vue') },
    { path: '/sheets/:round/:expert', name: 'sheet', component: () => import('./pages/SheetOne.vue'), meta: { bare: true } },
    { path: '/sheets/:round/:expert/:code', name: 'sheet-spot', component: () => import('./pages/SheetSpot.vue'), meta: { bare: true } },
    { path: '/walk', name: 'walk', component: () => import('./pages/Walk.vue') },
    { path: '/me', name: 'me', component: () => import('./pages/Mine.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

whenSignedOut(() => {
  signedOut.value = true
  if (router.currentRoute.value.name === 'capture') return // a photo is being taken; it is kept and sent later
  location.assign(`/sign?next=${encodeURIComponent(location.pathname + location.search)}`)
})

createApp(App).use(router).mount('#app')
registerWorker()
