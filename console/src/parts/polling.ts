import { useEffect } from 'react'

/** Asks again every `everyMs` while something is under way. */
export function usePolling(isRunning: boolean, again: () => void, everyMs = 1_000): void {
  useEffect(() => {
    if (!isRunning) return
    const timer = window.setInterval(again, everyMs)
    return () => window.clearInterval(timer)
  }, [isRunning, again, everyMs])
}
