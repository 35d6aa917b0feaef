import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { limitsOf, routeOf } from '../../../../../gateway/desk/rules/apply-rules.ts'
import { customerRules, loadRules, readRules } from '../../../../../gateway/desk/rules/read-rules.ts'
import { spanEnd } from '../../../../../gateway/desk/rules/spans.ts'
import { createTicketRules } from '../../../../../gateway/desk/ticket-rules.ts'
import { Failure } from '../../../../../gateway/model/failure.ts'
import type { Incident } from '../../../../../gateway/model/incident.ts'
import { isoInZone } from '../../../../../gateway/model/time.ts'
import { szph } from './szph.ts'

const text = readFileSync(new URL('../../../../../gateway/desk/rules/customer.yaml', import.meta.url), 'utf8')

function on(interfaceId: string, cause: string, changes: Partial<Incident> = {}): Incident {
  const causes = [{ id: cause, confidence: 0.9, evidence: [], locus: null }]
  return { ...madeIncident('i1'), interfaceIds: [interfaceId], systemIds: [], causes, ...changes }
}

describe('the customer’s rules', () => {
  test('a fault of level 1 has somebody there within 15 minutes, at the anaesthesia within 10', () => {
    expect(limitsOf(on('his-bis-blood', 'conn-refused', { severity: 'P1' }), customerRules, szph).arrive).toBe('15 min')
    expect(limitsOf(on('his-aims-surgery', 'conn-refused', { severity: 'P1' }), customerRules, szph).arrive).toBe('10 min')
    expect(limitsOf(on('his-aims-surgery', 'conn-refused', { severity: 'P3' }), customerRules, szph).arrive).toBe('4 h')
  })

  test('each of the five classes has its coordinator', () => {
    const coordinator = (id: string, systemId: string) =>
      routeOf(
        on(id, 'conn-refused', {
          causes: [{ id: 'conn-refused', confidence: 1, evidence: [], locus: { kind: 'system', id: systemId } }],
        }),
        customerRules,
        szph,
      ).coordinator
    expect(coordinator('his-lis-lab-order', 'lis')).toBe('clinical-coordinator')
    expect(coordinator('miniapp-his-appointment', 'miniapp')).toBe('patient-coordinator')
    expect(coordinator('modality-pacs-store', 'modalities')).toBe('device-coordinator')
    expect(coordinator('his-nhsa-settlement', 'nhsa')).toBe('operations-coordinator')
    expect(coordinator('his-esb-adt', 'esb')).toBe('infrastructure-coordinator')
  })

  test('everything begins on site; authentication goes to the security group of headquarters, the region joined', () => {
    expect(routeOf(on('his-lis-lab-order', 'conn-refused'), customerRules, szph)).toMatchObject({ level: 1, owner: null })
    expect(routeOf(on('miniapp-his-appointment', 'auth-expired'), customerRules, szph)).toMatchObject({
      level: 3,
      owner: 'headquarters-security',
      parties: ['regional-centre'],
      isMajor: true,
    })
  })

  test('between LIS and HIS both owners work on it from the beginning', () => {
    expect(routeOf(on('his-lis-lab-order', 'app-nak'), customerRules, szph).parties).toEqual([
      'laboratory-systems',
      'clinical-systems',
    ])
    expect(routeOf(on('lis-emr-lab-result', 'app-nak'), customerRules, szph).parties).toEqual([])
  })

  test('a database’s causes bring the database team, slow images network and storage', () => {
    expect(routeOf(on('lis-emr-lab-result', 'pool-exhausted'), customerRules, szph).parties).toEqual(['database-team'])
    expect(routeOf(on('modality-pacs-store', 'storage-io-degraded'), customerRules, szph).parties).toEqual([
      'network-team',
      'storage-team',
    ])
  })

  test('three systems together are a joint task and a major event', () => {
    const many = on('mnis-emr-nursing', 'unknown', { interfaceIds: ['mnis-emr-nursing', 'lis-emr-lab-result'] })
    expect(routeOf(many, customerRules, szph)).toMatchObject({ isMajor: true })
    expect(routeOf(many, customerRules, szph).parties).toContain('integration-lead')
    expect(routeOf(on('mnis-emr-nursing', 'unknown'), customerRules, szph).isMajor).toBe(false)
  })

  test('the ticket carries where it goes', () => {
    const { ticketFor, updateTicket } = createTicketRules(szph, customerRules)
    const ticket = ticketFor(on('his-lis-lab-order', 'conn-refused', { severity: 'P1' }))
    expect(ticket).toMatchObject({ level: 1, isMajor: true, systemClass: 'clinical', firstResponder: null, difficultAt: null })
    // Nobody has taken it: the new cause takes it where it belongs. Afterwards it only adds who joins.
    const auth = on('his-lis-lab-order', 'auth-expired')
    expect(updateTicket(ticket, auth)).toMatchObject({ owner: 'headquarters-security', level: 3 })
    expect(updateTicket({ ...ticket, firstResponder: 'wang', owner: 'wang' }, auth)).toMatchObject({
      owner: 'wang',
      level: 1,
      parties: ['laboratory-systems', 'clinical-systems', 'regional-centre'],
    })
  })

  test('three working days by the hospital’s calendar', () => {
    const due = (from: string) =>
      isoInZone(spanEnd(customerRules.difficult.after, Date.parse(from), szph.hospital).dueAt, 'Asia/Shanghai').slice(0, 10)
    expect(due('2026-02-13T09:00:00+08:00')).toBe('2026-02-25')
    expect(due('2026-09-30T09:00:00+08:00')).toBe('2026-10-10')
  })
})

describe('a file of rules that is wrong says where', () => {
  test.each<[string, string, RegExp, number | null]>([
    ['arrive: 10 min', 'arrive: soon', /a time as/, 0],
    [
      'when: { causes: [auth-expired, tls-cert] }\n    level',
      'when: { causes: [no-such] }\n    level',
      /no cause "no-such"/,
      0,
    ],
    ['{ when: { severity: [P4] }, urgency: low }', '{ when: { severity: [P3] }, urgency: low }', /every ticket of P4/, null],
    ['version: 1', 'version: 1\nbogus: 2', /unknown key "bogus"/, 1],
    ['version: 1', 'version: [', /./, null],
  ])('%j as %j', (from, to, message, linesDown) => {
    expect(text).toContain(from)
    const read = () => readRules(text.replace(from, to), 'own.yaml')
    expect(read).toThrow(message)
    try {
      read()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      expect(error).toMatchObject({ code: 'RULES_INVALID', place: { file: 'own.yaml' } })
      const line = text.slice(0, text.indexOf(from)).split('\n').length
      if (linesDown !== null) expect(error.place.line).toBe(line + linesDown)
    }
  })

  test('a file that is not there', () => {
    expect(() => loadRules('/nowhere/rules.yaml')).toThrow('can not be read')
  })
})
