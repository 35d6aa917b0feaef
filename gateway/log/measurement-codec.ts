import { isRecord } from '../model/json.ts'
import type { Measurement } from '../model/measurement.ts'
import { type ByteReader, BytesError } from './bytes.ts'
import { readValue } from './value-codec.ts'

/** A measurement that `writeValue` wrote. Throws BytesError for anything else. */
export function readMeasurement(reader: ByteReader): Measurement {
  const value = readValue(reader)
  if (!isMeasurement(value)) throw new BytesError("A measurement doesn't say what was measured.")
  return value
}

/** Our own encoder wrote it from a Measurement and a checksum guards it. */
function isMeasurement(value: unknown): value is Measurement {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    typeof value.by === 'string' &&
    typeof value.at === 'number' &&
    isRecord(value.subject) &&
    isRecord(value.facts)
  )
}
