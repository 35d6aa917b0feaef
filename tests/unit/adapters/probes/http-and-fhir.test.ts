import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runProbe } from '../../../../adapters/probes/run-probe.ts'
import { asking, listening, nobody, plan } from './peer.ts'

const material = join(import.meta.dirname, '../../../../fixtures/tls')

async function get(answer: RequestListener, more: { statuses?: readonly number[] } = {}) {
  await using peer = await listening(createServer(answer))
  const url = `http://127.0.0.1:${peer.address.port}/health?deep=1`
  return await runProbe({ ...plan, kind: 'http', url, method: 'GET', statuses: more.statuses ?? [], ca: null }, asking)
}

async function metadata(answer: RequestListener) {
  await using peer = await listening(createServer(answer))
  const url = `http://127.0.0.1:${peer.address.port}/fhir/`
  return await runProbe({ ...plan, timeoutMs: 10_000, kind: 'fhir', url, ca: null }, asking)
}

it('says yes to a status that is expected, and no to another', async () => {
  expect(await get((_, response) => response.end('ok'))).toMatchObject({ verdict: 'yes', code: null, facts: { status: 200 } })
  const unavailable: RequestListener = (_, response) => response.writeHead(503).end()
  expect(await get(unavailable)).toMatchObject({ verdict: 'no', code: '503', facts: { status: 503 } })
  expect(await get(unavailable, { statuses: [200, 503] })).toMatchObject({ verdict: 'yes' })
})

it('reads from the Date of a server how far its clock is off', async () => {
  const late = await get((_, response) => {
    response.setHeader('date', new Date(Date.now() - 7_200_000).toUTCString())
    response.end()
  })
  expect(Math.abs(Number(late.facts.dateOffsetMs) + 7_200_000)).toBeLessThan(60_000)
  const silent = await get((_, response) => {
    response.sendDate = false
    response.end()
  })
  expect(silent.facts.dateOffsetMs).toBeNull()
})

it('says no where nobody listens, and where the connection breaks', async () => {
  const url = `http://127.0.0.1:${(await nobody()).port}/`
  expect(await runProbe({ ...plan, kind: 'http', url, method: 'HEAD', statuses: [], ca: null }, asking)).toMatchObject({
    verdict: 'no',
    code: 'ECONNREFUSED',
  })
  expect(await get((request) => request.socket.destroy())).toMatchObject({
    verdict: 'no',
    code: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/),
  })
})

it('asks over TLS with an authority of its own', async () => {
  const read = (name: string) => readFileSync(join(material, name))
  const server = createHttpsServer({ cert: read('server.crt'), key: read('server.key') }, (_, response) => response.end())
  await using peer = await listening(server)
  const url = `https://localhost:${peer.address.port}/`
  const ask = (ca: string | null) => runProbe({ ...plan, kind: 'http', url, method: 'HEAD', statuses: [], ca }, asking)
  expect((await ask(join(material, 'ca.crt'))).verdict).toBe('yes')
  expect(await ask(null)).toMatchObject({ verdict: 'no', code: expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/) })
})

it('reads a capability statement', async () => {
  const asked: string[] = []
  const found = await metadata((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'application/fhir+json')
    const rest = [{ mode: 'server', resource: [{ type: 'Patient' }, { type: 'Observation' }] }]
    response.end(
      JSON.stringify({
        resourceType: 'CapabilityStatement',
        status: 'active',
        fhirVersion: '4.0.1',
        software: { name: 'EMR FHIR' },
        rest,
      }),
    )
  })
  expect(asked).toEqual(['/fhir/metadata'])
  expect(found).toMatchObject({
    by: 'fhir',
    verdict: 'yes',
    facts: { fhirVersion: '4.0.1', software: 'EMR FHIR', resourceTypes: 2 },
  })
})

it('says no to anything else that a FHIR server answers with', async () => {
  const json =
    (status: number, body: unknown): RequestListener =>
    (_, response) =>
      response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body))
  expect(await metadata(json(401, { resourceType: 'OperationOutcome' }))).toMatchObject({ verdict: 'no', code: '401' })
  expect(await metadata(json(200, { resourceType: 'Bundle' }))).toMatchObject({
    verdict: 'no',
    code: 'NO_CAPABILITY_STATEMENT',
  })
  expect(await metadata(json(200, null))).toMatchObject({ verdict: 'no' })
  const page: RequestListener = (_, response) => response.end('<html>login</html>')
  expect(await metadata(page)).toMatchObject({ verdict: 'no', code: 'NO_CAPABILITY_STATEMENT' })
})
