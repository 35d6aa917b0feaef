import type { Document } from '../../gateway/model/document.ts'
import { type Envelope, envelopeValue } from '../../gateway/model/envelope.ts'
import { readMediaType } from '../../gateway/model/http/media-type.ts'
import type { CompiledContract, Violation } from '../../gateway/model/violation.ts'
import { atMost, violation, violationsOf, wholeBodyViolations } from '../language/body-violations.ts'
import { factsByContract } from '../language/success.ts'
import type { SoapContract, SoapOperation } from './contract.ts'
import { elementPath, elementValue } from './element-value.ts'
import { type SoapMessage, soapMessageOf } from './message.ts'

type Side = Violation['side']

/** Makes a contract ready to check messages. `check` never throws for bad input and never repeats a value. */
export function compileSoapContract(contract: SoapContract): CompiledContract {
  const operations = new Map(contract.operations.map((operation) => [operation.name, operation]))
  return {
    id: contract.id,
    version: contract.version,
    check(document, side) {
      const message = soapMessageOf(document)
      return message === null ? [] : atMost(violationsIn(contract, operations, message, document, side), side)
    },
    facts(document, side) {
      const success = side === 'answer' ? contract.success : null
      return factsByContract(document, { type: null, success, keys: contract.keys })
    },
  }
}

function violationsIn(
  contract: SoapContract,
  operations: ReadonlyMap<string, SoapOperation>,
  { operation: element, envelope }: SoapMessage,
  document: Document,
  side: Side,
): readonly Violation[] {
  const { severities, versions, charsets } = contract
  const facts = document.facts()
  const status = envelopeValue(envelope, ':status')
  // A fault is told with status 500 and is still SOAP; another failed answer may be a proxy's page.
  const isFailure = status !== null && /^[45]/.test(status) && facts.ack === null
  const found: Violation[] = [...wholeBodyViolations({ document, severities, side, charsets, isFailure })]
  const tell = (rule: 'version' | 'operation' | 'header', path: string, zh: string, en: string) =>
    found.push(violation({ rule, path, severity: severities[rule], message: { zh, en }, shape: null, side }))
  if (facts.version !== null && versions.length > 0 && !versions.includes(facts.version))
    tell('version', 'Envelope', 'SOAP 版本不在约定之内', 'the SOAP version is not an agreed one')
  if (element === null || element.name === 'Fault') return found
  const operation = operations.get(facts.type ?? '') ?? operations.get(element.name)
  if (operation === undefined) {
    if (contract.otherOperations === 'report' && !isFailure)
      tell('operation', '', '契约中没有此操作', 'the contract has no such operation')
    return found
  }
  if (operation.side !== 'both' && operation.side !== side)
    tell(
      'operation',
      '',
      '此操作只约定作为另一方向的报文',
      `the operation is not agreed as ${side === 'request' ? 'a request' : 'an answer'}`,
    )
  if (side === 'request' && operation.soapActions.length > 0 && !operation.soapActions.includes(soapActionOf(envelope)))
    tell('header', '@soapaction', 'SOAPAction 与约定不符', 'SOAPAction is not the agreed one')
  if (operation.check !== null)
    found.push(...violationsOf(operation.check(elementValue(element)), { severities, side, pathOf: elementPath }))
  return found
}

/** SOAP 1.1 6.1.1: the header field, quoted. SOAP 1.2: `action` of the media type. Empty where there is none. */
function soapActionOf(envelope: Envelope): string {
  const header = envelopeValue(envelope, 'soapaction')
  if (header !== null) return header.trim().replace(/^"(.*)"$/, '$1')
  return readMediaType(envelopeValue(envelope, 'content-type'))?.parameters.get('action') ?? ''
}
