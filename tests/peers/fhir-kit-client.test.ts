import { createServer } from 'node:http'
import { Client } from 'fhir-kit-client'
import { describe, expect, test } from 'vitest'
import { edgeInFrontOf } from './through-edge.ts'

const fhirJson = { 'Content-Type': 'application/fhir+json; charset=utf-8' }
const patient = { resourceType: 'Patient', name: [{ family: '张', given: ['三'] }] }

/** fhir-kit-client comes with npm, so this peer is always there. */
describe('fhir-kit-client', () => {
  test('reads, searches, creates and is refused through the edge: every interaction is an exchange', async () => {
    const server = await fhirServer()
    const edge = await edgeInFrontOf(server.port, {}, { protocol: 'http', format: 'fhir' })
    const client = new Client({ baseUrl: `http://127.0.0.1:${edge.port}/fhir`, bearerToken: 'a.secret.token' })
    expect(await client.read({ resourceType: 'Patient', id: 'P1' })).toEqual({ ...patient, id: 'P1' })
    expect(await client.create({ resourceType: 'Patient', body: patient })).toEqual({ ...patient, id: 'P2' })
    const found = await client.search({ resourceType: 'Patient', searchParams: { name: '张' } })
    expect(found).toMatchObject({ resourceType: 'Bundle', total: 1 })
    await expect(client.read({ resourceType: 'Patient', id: 'unknown1' })).rejects.toMatchObject({ response: { status: 404 } })
    const exchanges = await edge.close()
    await server.close()

    expect(exchanges.map((e) => [e.outcome, e.type, e.code])).toEqual([
      ['answered', 'GET /fhir/Patient/{}', '200'],
      ['answered', 'POST /fhir/Patient', '201'],
      ['answered', 'GET /fhir/Patient', '200'],
      ['failed', 'GET /fhir/Patient/{}', '404'],
    ])
    expect(exchanges.flatMap((e) => e.wire)).toEqual([])
    expect(JSON.parse(Buffer.from(exchanges[1]?.request?.body ?? []).toString())).toEqual(patient)
    const said = JSON.stringify(exchanges.map((e) => [e.request?.envelope, ...e.answers.map((answer) => answer.envelope)]))
    expect(said).toContain('["authorization","Bearer"]')
    expect(said).not.toContain('secret')
  })
})

/** As much of a FHIR server as the test asks. */
async function fhirServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const url = request.url ?? ''
      const say = (status: number, body: object) => response.writeHead(status, fhirJson).end(JSON.stringify(body))
      if (request.method === 'POST') say(201, { ...patient, id: 'P2' })
      else if (url.startsWith('/fhir/Patient/P1')) say(200, { ...patient, id: 'P1' })
      else if (url.startsWith('/fhir/Patient?'))
        say(200, { resourceType: 'Bundle', type: 'searchset', total: 1, entry: [{ resource: patient }] })
      else say(404, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}
