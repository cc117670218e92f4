import { createApp } from 'vue'
import '@/part/theme.css'
import './desk.css'
import App from './App.vue'
import { router } from './router'

createApp(App).use(router).mount('#app')
