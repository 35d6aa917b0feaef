import { useEffect, useState } from 'react'
import { shifted } from '../parts/time.ts'

const everyMs = 5_000

/** The server's clock, from what it last said on, as ISO: goes on by itself between two answers. Null before the first. */
export function useServerNow(at: string | null): string | null {
  const [now, setNow] = useState(at)
  useEffect(() => {
    setNow(at)
    if (at === null) return
    const since = performance.now()
    const timer = window.setInterval(() => setNow(shifted(at, performance.now() - since)), everyMs)
    return () => window.clearInterval(timer)
  }, [at])
  return now
}
