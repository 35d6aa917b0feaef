import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { isGarbled } from '../../../../gateway/model/garbled.ts'

const gb = new TextDecoder('gb18030')
const utf8AsGb = (text: string) => gb.decode(Buffer.from(text, 'utf8'))
const utf8AsLatin = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

it.each([
  ['UTF-8 taken for GB18030', utf8AsGb('张伟'), true],
  ['the same among fields, a delimiter swallowed', `PID|1||${utf8AsGb('李小龙^男')}||F|${utf8AsGb('肺部感染')}`, true],
  ['UTF-8 taken for ISO 8859-1', utf8AsLatin('白细胞计数'), true],
  ['UTF-8 taken for Windows-1252', 'å¼\u00a0ä¼Ÿï¼Œä½\u00a0å¥½', true],
  ['GB 2312 taken for ISO 8859-1', 'ÕÅÈý·á', true],
  ['what was lost, and read as GB18030', '姓名:锟斤拷', true],
  ['what was lost', 'PID|1||\ufffd\ufffd', true],
  ['names', '张伟^欧阳若兰^诸葛婷', false],
  ['rare names and old characters', '龑喆犇淼焱^甯亓逯璩琚^鬱龢', false],
  ['Latin letters', 'Müller^André, café, naïve, Åse Nørgård', false],
  ['units and symbols', '×10⁹/L ±2 °C µg ≥3 “阴性”—', false],
  ['one lost character of a long text', '患者诉头痛三天,伴\ufffd恶心,无呕吐', false],
  ['ASCII', 'WBC|6.2', false],
])('%s', (_, text, expected) => {
  expect(isGarbled(text)).toBe(expected)
})

it('finds no common hanzi garbled, two by two', () => {
  const bytes: number[] = []
  for (let lead = 0xb0; lead <= 0xf7; lead += 1) for (let trail = 0xa1; trail <= 0xfe; trail += 1) bytes.push(lead, trail)
  const hanzi = [...gb.decode(Uint8Array.from(bytes))]
  const found = hanzi.filter((char, n) => isGarbled(`${char}${hanzi[(n * 7919 + 13) % hanzi.length] ?? ''}^${char}伟`))
  expect(found).toEqual([])
})
