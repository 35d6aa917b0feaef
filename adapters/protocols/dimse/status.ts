import type { FrameHead } from '../../../gateway/model/frame.ts'

/**
 * What a status says of the operation (PS3.7 Annex C). Pending: more answers follow. Success, cancel (it was asked for) and warnings (done, but)
 * say yes; every other status says no, those of no class among them: nothing but the listed ones means that it was done.
 */
export function statusFacts(status: number): Pick<FrameHead, 'stage' | 'verdict' | 'code'> {
  const code = status.toString(16).toUpperCase().padStart(4, '0')
  if (status === 0xff00 || status === 0xff01) return { stage: 'interim', verdict: null, code }
  return { stage: null, verdict: isDone(status) ? 'yes' : 'no', code }
}

/** 0001, 0107 and 0116 are warnings though they stand among the failures (PS3.7 C.3). */
function isDone(status: number): boolean {
  return (
    status === 0x0000 ||
    status === 0xfe00 ||
    status === 0x0001 ||
    status === 0x0107 ||
    status === 0x0116 ||
    (status & 0xf000) === 0xb000
  )
}
