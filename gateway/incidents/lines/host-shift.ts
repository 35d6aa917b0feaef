import type { Reading } from '../../model/reading.ts'
import { factOf, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** Times of several interfaces of one host, or under several of its names, are off by the same hours: that is its zone, though on each of them it is one element that shows it. */
export interface HostShift {
  readonly systemId: string
  /** Behind (positive) or ahead. */
  readonly offHours: number
  readonly interfaceIds: readonly string[]
}

/** Offsets are told to the half hour, and seconds away from it. */
const alikeS = 60

export function hostShiftOf(e: Evidence): HostShift | null {
  const elements = e.readings('stamps/element')
  for (const element of elements) {
    const offHours = factOf(element, 'offHours')
    const systemId = writerOf(e, element)
    if (offHours === null || systemId === null) continue
    const alike = elements.filter((one) => factOf(one, 'offHours') === offHours && writerOf(e, one) === systemId)
    let sendersAlike = 0
    const ids = new Set(alike.map(({ subject }) => subject.id))
    for (const zone of e.readings('clock/zone')) {
      const isAlike = Math.abs((factOf(zone, 'offsetS') ?? 0) + offHours * 3600) <= alikeS
      if (zone.subject.id !== systemId || !isAlike) continue
      ids.add(wordOf(zone, 'interfaceId') ?? '')
      sendersAlike = Math.max(sendersAlike, factOf(zone, 'sendersAlike') ?? 0)
    }
    if (ids.size >= 2 || sendersAlike >= 2) return { systemId, offHours, interfaceIds: [...ids] }
  }
  return null
}

/** Who writes those times. */
function writerOf(e: Evidence, reading: Reading): string | null {
  const iface = e.interfaces.find(({ id }) => id === reading.subject.id)
  return (wordOf(reading, 'side') === 'answer' ? iface?.to : iface?.from) ?? null
}
