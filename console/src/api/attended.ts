/** A person has touched the page within this time. */
const attendedMs = 60_000
let lastInputAt = performance.now()

function notice(): void {
  lastInputAt = performance.now()
}
for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart'])
  window.addEventListener(kind, notice, { passive: true, capture: true })

/**
 * Headers that say whether somebody is there: a page that only refreshes itself doesn't keep its session alive, or an idle session would never end while
 * its page stands open.
 */
export function attendance(): { readonly [name: string]: string } {
  return performance.now() - lastInputAt < attendedMs ? {} : { 'x-unattended': '1' }
}
