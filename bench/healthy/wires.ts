import type { Chance } from '../../fixtures/hospital/chance.ts'
import type { PartFacts } from '../../gateway/model/document.ts'
import type { FormatName, ProtocolName } from '../../gateway/model/interface.ts'
import type { ExchangeWish } from '../../tests/unit/monitors/stream.ts'

/** What is told of one exchange by its wire and its bodies. */
type Told = Partial<Omit<ExchangeWish, 'at' | 'interfaceId' | 'id'>>

/** How messages look on a wire: what they are known by, and what answers say. */
export interface Wire {
  readonly name: string
  readonly protocol: ProtocolName
  readonly formats: readonly FormatName[]
  /** The most frequent first. */
  readonly types: readonly string[]
  readonly bytes: { readonly median: number; readonly sigma: number }
  /** The edge sees by a message's own number that it is sent again (`idScope` of the protocol's heads). */
  readonly showsCopies: boolean
  named(id: string): Told & Pick<ExchangeWish, 'keys'>
  yes(type: string, chance: Chance): Told
  no(chance: Chance): Told
}

const messageTypes = ['OML^O21', 'ORU^R01', 'ADT^A08', 'SIU^S12', 'ORM^O01', 'ADT^A01', 'MDM^T02', 'DFT^P03']
const calls = [
  ...['POST /Observation', 'GET /Patient', 'GET /Observation', 'POST /Bundle'],
  ...['PUT /Patient/*', 'GET /Encounter', 'POST /rx/check', 'GET /Medication'],
]
const httpBase = { protocol: 'http', formats: ['fhir', 'json'], types: calls, bytes: { median: 1500, sigma: 0.8 } } as const

/** HL7 over MLLP: MSH-10 numbers each message, and its acknowledgment says what was wrong with it (ERR-3, table 0357). */
const mllp: Wire = {
  ...{ name: 'mllp', protocol: 'mllp', formats: ['hl7v2'], types: messageTypes, bytes: { median: 1500, sigma: 0.8 } },
  showsCopies: true,
  named: (id) => ({ controlId: id, keys: [] }),
  yes: () => ({ code: 'AA' }),
  no: (chance) => ({ code: 'AE', errorCodes: [chance.pick(['207', '204', '205', '101'])] }),
}

/** HTTP as most write it: a call says what it is about, and nothing tells that it is sent again. */
const http: Wire = {
  ...{ name: 'http', ...httpBase, showsCopies: false },
  named: () => ({ controlId: null, keys: [] }),
  yes: (type, chance) => ({ code: '200', ...(type.startsWith('GET ') ? foundBy(chance) : {}) }),
  no: (chance) => ({ code: chance.pick(['500', '404', '409', '422']) }),
}

/** HTTP with `X-Request-ID`, which a retry repeats. */
const httpWithId: Wire = {
  ...http,
  name: 'http-with-id',
  named: (id) => ({ controlId: null, ownId: id, keys: [{ kind: 'request', value: id, authority: null }] }),
}

const unstamped = { requestStamps: [], answerStamps: [] } as const

/** Images over DIMSE: message ids count anew in each association, the instance has a UID (PS3.7 9.1.1), and nothing says when it was sent. */
const images: Wire = {
  ...{ name: 'images', protocol: 'dimse', formats: ['dicom'], types: ['C-STORE'], bytes: { median: 500_000, sigma: 0.4 } },
  showsCopies: false,
  named: (id) => ({ controlId: null, ownId: id, keys: [{ kind: 'instance', value: id, authority: null }], ...unstamped }),
  yes: () => ({ code: '0000' }),
  no: () => ({ code: '0110' }),
}

/** A hospital has as many of each as they stand here. */
export const wires: readonly Wire[] = [mllp, mllp, http, httpWithId, images]

/** What a question found: some resources, or none, of which nobody makes a refusal. */
function foundBy(chance: Chance): Told {
  const part = (type: string): PartFacts => ({ type, keys: [], ack: null })
  const observations = Array.from({ length: Math.floor(chance.gap(3)) }, () => part('Observation'))
  const answerParts = chance.happens(0.3) ? [...observations, part('Encounter')] : observations
  return answerParts.length > 0 ? { answerParts } : { hasNone: true }
}
