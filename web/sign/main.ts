import { createApp } from 'vue'
import '@/part/theme.css'
import Sign from './Sign.vue'

createApp(Sign).mount('#app')
