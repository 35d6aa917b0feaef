import { Client, type FhirResource } from 'fhir-kit-client'
import type { Probe } from '../../gateway/model/probe.ts'
import { no, type ProbeAnswer, type ProbeContext, yes } from './probe-answer.ts'
import { dispatcherFor } from './undici-dispatcher.ts'

/**
 * Asks a FHIR server for its capability statement (FHIR R4 3.1.0.11). Yes: it answers with one. No: the HTTP status, NO_CAPABILITY_STATEMENT for anything
 * else that it answers with, or the socket's code.
 */
export async function probeFhir(probe: Extract<Probe, { kind: 'fhir' }>, context: ProbeContext): Promise<ProbeAnswer> {
  const { signal } = context
  const dispatcher = await dispatcherFor(probe.ca)
  try {
    const client = new Client({ baseUrl: probe.url.replace(/\/$/, ''), requestOptions: { dispatcher } })
    return judged(await client.capabilityStatement({ signal }))
  } catch (error) {
    const status = statusOf(error)
    if (status === null) throw error
    return status < 400 ? no('NO_CAPABILITY_STATEMENT', { status }) : no(String(status), { status })
  } finally {
    dispatcher.destroy().catch(() => {})
  }
}

function judged(answer: FhirResource | null): ProbeAnswer {
  if (answer?.resourceType !== 'CapabilityStatement') return no('NO_CAPABILITY_STATEMENT')
  const rest = listOf(answer.rest)[0]
  return yes({
    fhirVersion: word(answer.fhirVersion),
    statementStatus: word(answer.status),
    software: word(Reflect.get(Object(answer.software), 'name')),
    resourceTypes: listOf(Reflect.get(Object(rest), 'resource')).length,
  })
}

/** A short text of the server's own, as `4.0.1`; null for anything else. */
function word(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 64) : null
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The client throws what it can't take, with the response beside it. */
function statusOf(error: unknown): number | null {
  const response: unknown = Reflect.get(Object(error), 'response')
  const status: unknown = Reflect.get(Object(response), 'status')
  return typeof status === 'number' ? status : null
}
