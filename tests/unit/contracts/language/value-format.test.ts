import { describe, expect, it } from 'vitest'
import { readRange, writeRange } from '../../../../contracts/language/range.ts'
import { patternProblem } from '../../../../contracts/language/safe-pattern.ts'
import { formatTest, readFormat, writeFormat } from '../../../../contracts/language/value-format.ts'

function fits(format: string, value: string): boolean {
  const reading = readFormat(format)
  if (reading.format === null) throw new Error(reading.problem)
  return formatTest(reading.format)(value)
}

describe('formats', () => {
  it.each([
    ['digits(8)', '20261123', '2026112'],
    ['digits(6..8)', '202611', '20261'],
    ['date', '20261123', '20261323'],
    ['datetime', '202611230830', '20261123'],
    ['timestamp', '20261123083000+0800', '202611230830'],
    ['timestamp', '20261123083000.1234', '20261123083000.12345'],
    ['timestamp', '20261123083000', '20261123246000'],
    ['number', '-12.50', '1,250'],
    ['mobile', '19900000001', '29900000001'],
    ['id-card', '990000197001010018', '990000197001010019'],
    ['id-card', '11010519491231002X', '110105194912310021'],
    ['masked', '家属已电话通知,编号 990000197001010019', '身份证号990000197001010018'],
    ['masked', '样本 20261123083000 已复检', '电话19900000001'],
    ['masked', '手机 138****8000', '手机 199 0000 0001'],
    ['masked', '批号 8619900000', '家属 +8619900000001'],
    ['masked', 'ＷＢＣ １２３４', '电话１９９０００００００１'],
    ['masked', '条码 990000700101001', '身份证号 990000700101001'],
    ['masked', '990000 19700101 0019', '990000 19700101 0018'],
    ['masked', '区间 150-1000-2000-3', '199-0000-0001'],
    ['masked', 'V20261119900000001', 'V19900000001'],
    ['masked', '19900000001X', '99000019700101001x和110105194912310021或11010519491231002x'],
    ['masked', '8719900000001', '8619900000001'],
    ['public', 'HIV抗体 阴性', 'HIV抗体初筛有反应性,待确证'],
    ['public', '人类免疫缺陷病毒核酸 未检出', '人类免疫缺陷病毒(HIV)核酸 2.1E4 拷贝/mL'],
    ['public', '梅毒螺旋体抗体', '梅毒螺旋体抗体(TPPA)阳性'],
    ['public', '抑郁症专病门诊 3 诊室', '重度抑郁发作'],
    ['public', '乙肝表面抗体阳性', '双相情感障碍'],
    ['public', '尿吗啡筛查阴性', '尿吗啡筛查阳性'],
    ['public', '已电话通知', '电话19900000001'],
    ['masked', 'HIV抗体阳性', '电话19900000001'],
    ['oid', '1.2.840.10008', '1.02.3'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
    ['/^TJ\\d+$/', 'TJ1', 'XTJ1'],
  ])('%s takes %s and refuses %s', (format, good, bad) => {
    expect(fits(format, good)).toBe(true)
    expect(fits(format, bad)).toBe(false)
  })

  it('writes what it read', () => {
    for (const text of ['digits(8)', 'digits(6..8)', 'timestamp', '/^A$/']) {
      const { format } = readFormat(text)
      expect(format === null ? '' : writeFormat(format)).toBe(text)
    }
  })

  it.each(['digits(x)', 'digits(9..2)', 'dates', '/(/', '/(a+)+$/'])('refuses %s', (text) => {
    expect(readFormat(text).format).toBeNull()
  })
})

describe('patterns', () => {
  it.each([
    '(a+)+',
    '(a|b)*',
    '([a-z]{2,}x)*',
    '(a)\\1',
    '(?=a)b',
    '((a*))*',
    '(x{0,100})+',
    '(\\d+)+',
    '([A-Z]+)*',
    '(\\p{L}*)+',
    '((?:a|b))+x*y*z*w*',
    'a*b*c*d*',
  ])('refuses %s', (pattern) => {
    expect(patternProblem(pattern)).not.toBeNull()
  })

  it.each(['^[A-Z]{2}\\d+$', '^(?:ab)+$', '^(a|b)c{1,9}$', '[(+*]+', '^TJ\\d{11}-\\d{2}$'])('takes %s', (pattern) => {
    expect(patternProblem(pattern)).toBeNull()
  })
})

describe('ranges', () => {
  it.each([
    ['3', { min: 3, max: 3 }],
    ['1..*', { min: 1, max: null }],
    ['..250', { min: 0, max: 250 }],
    ['2..', { min: 2, max: null }],
    ['0..5', { min: 0, max: 5 }],
    ['5..2', null],
    ['..', null],
    ['x', null],
  ])('%s', (text, range) => {
    expect(readRange(text)).toEqual(range)
    if (range !== null) expect(readRange(writeRange(range))).toEqual(range)
  })
})
