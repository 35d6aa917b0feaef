import { expect, it } from 'vitest'
import { describeConsole } from './console-suite.ts'
import { pageSizes } from './page-sizes.ts'

/** Issue 6: at most 1 MB after gzip, whatever a page loads later among it. */
const bytesMax = 1_000_000

describeConsole('what a page loads', () => {
  it('is under a megabyte after gzip, of every page', () => {
    const sizes = pageSizes()
    expect(Object.keys(sizes).length).toBeGreaterThan(15)
    expect(Object.entries(sizes).filter(([, bytes]) => bytes > bytesMax)).toEqual([])
    // Less than Ant Design's core alone would mean that pieces are missed.
    for (const [page, bytes] of Object.entries(sizes)) expect(bytes, page).toBeGreaterThan(150_000)
  })
})
