/**
 * How fast DICOM data sets become facts and shapes, beside dcmjs reading the same files whole and up to the pixels, in the same run on one core.
 * `node bench/dicom.ts [seconds per measurement]`.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dicom } from '../adapters/formats/dicom/dicom.ts'
import { perSecond } from './rate.ts'

const seconds = Number(process.argv[2] ?? 1)
const hints = { at: 0, timezone: 'Asia/Shanghai' }
const samples = {
  'MWL item, GB18030': 'mwl/wl0.wl',
  'CT image': 'pydicom/CT_small.dcm',
  'MR image, implicit VR': 'pydicom/MR_small_implicit.dcm',
  'ECG, 12 leads': 'pydicom/waveform_ecg.dcm',
  'structured report': 'pydicom/reportsi.dcm',
}

// dcmjs has no types: what is called of it is looked up as unknown values.
const dcmjs: unknown = createRequire(import.meta.url)('dcmjs')
hush(at(dcmjs, 'log'))
const message = at(at(dcmjs, 'data'), 'DicomMessage')
const readByDcmjs = at(message, 'readFile')

for (const [name, path] of Object.entries(samples)) {
  const file = readFileSync(new URL(`../fixtures/dicom/${path}`, import.meta.url))
  const pixels = file.indexOf(Buffer.from('e07f1000', 'hex'))
  const body = pixels < 0 ? file : file.subarray(0, pixels)
  const runs: Record<string, () => number> = {
    'auscult: facts': () => dicom.read(body, hints).facts().keys.length,
    'auscult: facts and shape': () => {
      const document = dicom.read(body, hints)
      document.shape()
      return document.facts().keys.length
    },
    'dcmjs 0.50.3: up to the pixels': () => {
      const memory = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)
      const options = { untilTag: '7FE00010', includeUntilTagValue: false, ignoreErrors: true }
      return Number(typeof readByDcmjs === 'function' && readByDcmjs.call(message, memory, options) !== null)
    },
  }
  const rates = Object.entries(runs).map(([run, once]) => ({ run, rate: perSecond(once, seconds) }))
  const base = rates.at(-1)?.rate ?? 1
  process.stdout.write(`${name}, ${body.length} bytes\n`)
  for (const { run, rate } of rates)
    process.stdout.write(
      `  ${run.padEnd(32)} ${Math.round(rate).toString().padStart(8)}/s  ${(1e6 / rate).toFixed(0).padStart(5)} us  ${(rate / base).toFixed(1)} of dcmjs\n`,
    )
}

/** What its validation has to say about a file is said at each of thousands of readings. */
function hush(log: unknown): void {
  const getLogger = at(log, 'getLogger')
  const validation: unknown = typeof getLogger === 'function' ? getLogger.call(log, 'validation.dcmjs') : undefined
  const setLevel = at(validation, 'setLevel')
  if (typeof setLevel === 'function') setLevel.call(validation, 'silent')
}

function at(value: unknown, key: string): unknown {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return isHolder ? Reflect.get(value, key) : undefined
}
