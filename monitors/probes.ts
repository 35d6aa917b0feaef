import type { Measurement } from '../gateway/model/measurement.ts'
import { amountOf, watchMeasurements } from './shared/measured.ts'
import { amount, type Held, heldAt, keyed, record, word } from './shared/state.ts'
import { rounded, say, voicePart } from './shared/voice.ts'

const probePart = record({ failedInRow: amount(), sinceAt: amount(), code: word() })

const memoryPart = record({
  /** By kind of probe. */
  probes: keyed(probePart),
  /** Of the certificate; -1 unknown. */
  daysLeft: amount(9_999),
  certificateCode: word(),
  certificateSinceAt: amount(),
  offsetMs: amount(),
  clockSinceAt: amount(),
  failedVoice: voicePart,
  certificateVoice: voicePart,
  clockVoice: voicePart,
})
type Memory = Held<typeof memoryPart>

const kindsMax = 16
/** One probe that fails may be the network's hiccup; two in a row are told. */
const failedMin = 2
/** A certificate that ends so soon is told, and is work from here on: the customer's 30, 14, 7 and 1 days. */
const warnDays = 30
const ticketDays = 7

const certificateCodes = new Set(['CERT_ENDS_SOON', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID'])

/**
 * What do our own questions say? `probes/failed`: a system didn't answer as it should, twice in a row. `probes/certificate`: its certificate ends soon, has ended
 * or is for another name. `probes/clock`: its NTP server or its own clock is off, by NTP.
 */
export const probes = watchMeasurements<Memory>({
  name: 'probes',
  version: 1,
  memory: memoryPart,
  concerns: ({ name }) => name === 'probe',
  hear(memory, measurement) {
    const { by, verdict, code, at } = measurement
    hearCertificate(memory, measurement)
    if (by === 'ntp') {
      memory.offsetMs = amountOf(measurement, 'offsetMs') ?? 0
      const isOff = code === 'NTP_OFFSET' || code === 'NTP_UNSYNCHRONISED'
      if (!isOff) memory.clockSinceAt = 0
      else if (memory.clockSinceAt === 0) memory.clockSinceAt = at
      if (isOff) return
    }
    const probe = heldAt(memory.probes, by, probePart, kindsMax)
    if (probe === null) return
    const isFailed = verdict === 'no' && !(code !== null && certificateCodes.has(code))
    if (!isFailed) probe.failedInRow = 0
    else {
      if (probe.failedInRow === 0) probe.sinceAt = at
      probe.failedInRow += 1
      probe.code = code ?? ''
    }
  },
  judge(memory, { subject, now }, out) {
    const context = { monitor: 'probes', subject, now }
    const failed = [...memory.probes].filter(([, probe]) => probe.failedInRow >= failedMin)
    const [first] = failed
    say(out, memory.failedVoice, { ...context, signal: 'failed' }, first === undefined ? null : 'ticket', () => ({
      onsetAt: Math.min(...failed.map(([, probe]) => probe.sinceAt)),
      score: rounded((first?.[1].failedInRow ?? 0) / failedMin),
      facts: {
        by: failed.map(([by]) => by).join(', '),
        code: first?.[1].code ?? null,
        failedInRow: Math.max(...failed.map(([, probe]) => probe.failedInRow)),
        answering: memory.probes.size - failed.length,
      },
      exchangeIds: [],
    }))
    const isEnding = memory.certificateCode !== '' || memory.daysLeft <= warnDays
    const isWork =
      (memory.certificateCode !== '' && memory.certificateCode !== 'CERT_ENDS_SOON') || memory.daysLeft <= ticketDays
    say(
      out,
      memory.certificateVoice,
      { ...context, signal: 'certificate' },
      isEnding ? (isWork ? 'ticket' : 'warn') : null,
      () => ({
        onsetAt: memory.certificateSinceAt === 0 ? now : memory.certificateSinceAt,
        score: isWork ? 2 : 1,
        facts: { daysLeft: Math.floor(memory.daysLeft), code: memory.certificateCode === '' ? null : memory.certificateCode },
        exchangeIds: [],
      }),
    )
    say(out, memory.clockVoice, { ...context, signal: 'clock' }, memory.clockSinceAt > 0 ? 'warn' : null, () => ({
      onsetAt: memory.clockSinceAt,
      score: 1,
      facts: { offsetMs: rounded(memory.offsetMs) },
      exchangeIds: [],
    }))
  },
})

function hearCertificate(memory: Memory, { by, code, at, facts }: Measurement): void {
  if (by !== 'tls') return
  const { daysLeft } = facts
  if (typeof daysLeft === 'number') memory.daysLeft = daysLeft
  const isOdd = code !== null && certificateCodes.has(code)
  memory.certificateCode = isOdd ? code : ''
  const isEnding = isOdd || memory.daysLeft <= warnDays
  if (!isEnding) memory.certificateSinceAt = 0
  else if (memory.certificateSinceAt === 0) memory.certificateSinceAt = at
}
