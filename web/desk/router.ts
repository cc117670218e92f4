import { createRouter, createWebHistory } from 'vue-router'

export const router = createRouter({
  history: createWebHistory('/desk/'),
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
  routes: [
    { path: '/', name: 'overview', component: () => import('./pages/Overview.vue') },
    { path: '/area/:id', name: 'area', component: () => import('./pages/Overview.vue') },
    { path: '/unit/:id', name: 'unit', component: () => import('./pages/Overview.vue') },
    { path: '/dispatch', name: 'dispatch', component: () => import('./pages/Dispatch.vue') },
    { path: '/cases', name: 'cases', component: () => import('./pages/Cases.vue') },
    { path: '/cases/:id', name: 'case', component: () => import('./pages/CaseOne.vue') },
    { path: '/cases/:id/orders/:no(.*)', name: 'order', component: () => import('./pages/OrderSheet.vue') },
    { path: '/verify', name: 'verify', component: () => import('./pages/Verify.vue') },
    { path: '/recheck', name: 'recheck', component: () => import('./pages/Recheck.vue') },
    { path: '/places', name: 'places', component: () => import('./pages/Places.vue') },
    { path: '/import', name: 'import', component: () => import('./pages/Import.vue') },
    { path: '/registers', name: 'registers', component: () => import('./pages/Registers.vue') },
    { path: '/areas', name: 'areas', component: () => import('./pages/Areas.vue') },
    { path: '/links', name: 'links', component: () => import('./pages/Links.vue') },
    { path: '/inspections', name: 'inspections', component: () => import('./pages/Inspections.vue') },
    { path: '/inspections/:id', name: 'inspection', component: () => import('./pages/InspectionOne.vue') },
    { path: '/packs/:id?', name: 'packs', component: () => import('./pages/Packs.vue') },
    { path: '/suggest', name: 'suggest', component: () => import('./pages/Suggest.vue') },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./pages/Nowhere.vue') },
  ],
})
