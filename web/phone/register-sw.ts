/** registerWorker lets the app open without a signal from the second visit on. */
export function registerWorker(): void {
  if ('serviceWorker' in navigator) {
    addEventListener('load', () => void navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' }).catch(() => {})) // without it the app still works online
  }
}
