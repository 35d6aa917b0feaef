import { readFileSync } from 'node:fs'
import { inflateRawSync, inflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HealthReport } from '../../../../../gateway/desk/api/report-shapes.ts'
import { fitsBold, fontFiles } from '../../../../../gateway/desk/reports/render/fonts.ts'
import { gridsOf } from '../../../../../gateway/desk/reports/render/grids.ts'
import { renderReport } from '../../../../../gateway/desk/reports/render/render.ts'
import { createSpeech } from '../../../../../gateway/desk/reports/render/speech.ts'
import { words } from '../../../../../gateway/desk/reports/render/words.ts'
import { tell } from '../../../../support/told.ts'
import { lacking } from './font-cmap.ts'
import { breach, day, hour, madeWeeks, monday, order, result, weekBefore } from './made-weeks.ts'

let report: HealthReport

beforeAll(async () => {
  await using weeks = madeWeeks()
  weeks.exchanges(95, weekBefore, { interfaceId: order })
  weeks.exchanges(80, monday, { interfaceId: order, violations: breach('PID-3') })
  weeks.exchanges(20, monday + day, { interfaceId: order, outcome: 'unanswered' })
  weeks.exchanges(40, monday + 2 * day, { interfaceId: result })
  weeks.ticket({
    ...{ id: 'a', openedAt: monday + day, resolvedAt: monday + day + hour, owner: '陈喆' },
    title: { zh: '<script>alert(1)</script>拒绝连接', en: '<script>alert(1)</script> refuses & waits' },
  })
  await weeks.commit()
  report = await weeks.report()
})

describe('HTML', () => {
  it('is one file without a script, a reference to anything outside, or a mark that a text could make', async () => {
    for (const language of ['zh', 'en'] as const) {
      const html = Buffer.from((await renderReport(report, 'html', language)).bytes).toString()
      tell('report', html)
      expect(html).toContain(`<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">`)
      expect(html).not.toMatch(/<script|javascript:|<link|<iframe|<img|\son\w+=/i)
      expect(html.replaceAll('http://www.w3.org/2000/svg', '').replaceAll('http://www.w3.org/1999/xlink', '')).not.toMatch(
        /https?:/,
      )
      expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
      expect(html.match(/<svg/g)?.length).toBe(2)
    }
  })
  it('says the same things in both languages', async () => {
    const shape = async (language: 'zh' | 'en') =>
      Buffer.from((await renderReport(report, 'html', language)).bytes)
        .toString()
        .replace(/<svg[\s\S]*?<\/svg>/g, '<svg>')
        .replace(/>[^<]+</g, '><')
        .replace(/aria-label="[^"]*"|lang="[^"]*"/g, '')
    expect(await shape('zh')).toBe(await shape('en'))
  })
})

describe('Chinese', () => {
  it('has the marks of Chinese between its characters, and leaves numbers, names and English alone', () => {
    const { pick, labelled, listed } = createSpeech(report, 'zh')
    const shown = (zh: string) => pick({ zh, en: '' })
    expect(shown('电话通知值班,要求确认;15 分钟未恢复升级')).toBe('电话通知值班，要求确认；15 分钟未恢复升级')
    expect(shown('放射信息系统 静默(网关 停止发送)')).toBe('放射信息系统 静默（网关 停止发送）')
    for (const same of ['P50 63 ms, P95 120 ms', '拒绝连接(ris)', '报文 1,616', 'MSH|^~\\&, PID-3'])
      expect(shown(same)).toBe(same)
    expect([labelled('owner', 'chen.wei'), listed(['甲', '乙'])]).toEqual(['负责：chen.wei', '甲、乙'])
    expect(createSpeech(report, 'en').labelled('owner', 'chen.wei')).toBe('Owner: chen.wei')
  })
})

describe('PDF', () => {
  it('is A4 with its fonts in it, and the same bytes each time', async () => {
    const [one, two] = [await renderReport(report, 'pdf', 'zh'), await renderReport(report, 'pdf', 'zh')]
    const text = Buffer.from(one.bytes).toString('latin1')
    expect(text.startsWith('%PDF-1.')).toBe(true)
    expect(text).toMatch(/\/MediaBox \[0 0 595\.28 841\.89\]/)
    expect(text.match(/\/FontFile2/g)?.length).toBeGreaterThanOrEqual(2)
    expect(withoutId(one.bytes)).toBe(withoutId(two.bytes))
  })
  it('draws something on every page, wherever its headings fall', async () => {
    for (let lines = 14; lines <= 24; lines += 1) {
      const notes = Array.from({ length: lines }, () => ({ zh: '说明', en: 'note' }))
      const { bytes } = await renderReport({ ...report, notes }, 'pdf', 'zh')
      // An empty page draws its foot alone.
      for (const content of pageContents(bytes)) expect(content.length, `${lines} notes`).toBeGreaterThan(4_000)
    }
  }, 60_000)
  it('has every character that its own words have, and those of names', () => {
    const own = Object.values(words).flatMap(({ zh, en }) => [...zh, ...en])
    expect(lacking(fontFiles.regular, own.join(''))).toEqual([])
    expect(lacking(fontFiles.regular, '喆垚昇赟堃珺焜甯旻翀彧屾镕淼囧±×→·–…≥')).toEqual([])
    const gb2312 = Array.from({ length: 72 * 94 }, (_, i) => Uint8Array.of(0xb0 + Math.floor(i / 94), 0xa1 + (i % 94)))
      .map((bytes) => new TextDecoder('gb18030').decode(bytes))
      .filter((letter) => /^\p{Script=Han}$/u.test(letter))
    expect(gb2312.length).toBe(6763)
    expect(lacking(fontFiles.regular, gb2312.join(''))).toEqual([])
    expect(lacking(fontFiles.bold, gb2312.join(''))).toEqual([])
  })
  it('sets in bold only what bold has', () => {
    const list = readFileSync(new URL('../../../../../gateway/desk/reports/fonts/bold-characters.txt', import.meta.url), 'utf8')
    expect(lacking(fontFiles.bold, list)).toEqual([])
    expect(fitsBold('接口健康周报 2026-W47')).toBe(true)
    expect(fitsBold('陈喆')).toBe(false)
  })
})

describe('XLSX', () => {
  it('has numbers as numbers and nothing where nothing is known', () => {
    const grids = gridsOf(report, createSpeech(report, 'en'))
    const interfaces = grids.find(({ name }) => name === 'Interfaces')
    const row = interfaces?.rows.find(([id]) => id === order)
    expect(row?.slice(5, 11)).toEqual([report.interfaces.find(({ id }) => id === order)?.score, 100, 100, 95, 0.8, 1])
    const unseen = interfaces?.rows.find(([id]) => id === 'quiet')
    expect(unseen?.slice(5, 11)).toEqual([null, null, null, null, null, null])
    for (const { columns, rows } of grids) for (const line of rows) expect(line).toHaveLength(columns.length)
  })
  it('writes a text as a text, whatever it begins with', async () => {
    const tricky = { ...report, hospital: { ...report.hospital, name: '=HYPERLINK("http://x","y")' } }
    const xml = sheetsOf((await renderReport(tricky, 'xlsx', 'en')).bytes)
    expect(xml).toContain('HYPERLINK')
    expect(xml).not.toContain('<f>')
  })
})

function withoutId(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/\/ID \[[^\]]*\]/, '')
}

/** The drawing of each page, unpacked. */
function pageContents(bytes: Uint8Array): readonly string[] {
  const file = Buffer.from(bytes)
  const text = file.toString('latin1')
  const ids = [...text.matchAll(/\/Type \/Page\b(?!s)[\s\S]*?\/Contents (\d+) 0 R/g)].map(([, id]) => id)
  expect(ids.length).toBeGreaterThanOrEqual(2)
  return ids.map((id) => {
    const start = text.indexOf('stream\n', text.indexOf(`\n${id} 0 obj`)) + 'stream\n'.length
    return inflateSync(file.subarray(start, text.indexOf('\nendstream', start))).toString('latin1')
  })
}

/** Everything in the archive's XML files, one after another (APPNOTE 4.3.7). */
function sheetsOf(bytes: Uint8Array): string {
  const file = Buffer.from(bytes)
  const parts: string[] = []
  for (let at = file.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = file.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    const [method, size, local] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 20), file.readUInt32LE(at + 42)]
    const begin = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const data = file.subarray(begin, begin + size)
    parts.push((method === 8 ? inflateRawSync(data) : data).toString('utf8'))
  }
  return parts.join('\n')
}
