import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import { http } from '../../adapters/protocols/http/protocol.ts'
import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts } from '../../gateway/app.ts'
import { customerRules } from '../../gateway/desk/rules/read-rules.ts'
import { createTicketRules } from '../../gateway/desk/ticket-rules.ts'
import type { Finding, Incident } from '../../gateway/model/incident.ts'
import type { Catalogue, FormatName, Interface, ProtocolName } from '../../gateway/model/interface.ts'
import type { Ticket } from '../../gateway/model/ticket.ts'
import { createOfflineEdge } from '../../gateway/offline.ts'
import { eventsOfCapture } from '../transcripts/capture.ts'
import { protocolOf } from './capture-names.ts'

export interface Diagnosis {
  readonly findings: readonly Finding[]
  readonly incidents: readonly Incident[]
  readonly tickets: readonly Ticket[]
}

/** A capture through the whole chain, as `auscult analyze` runs it: edge, format, contract, monitors, alert book, incidents, tickets. */
export async function diagnosed(capture: string, iface: Partial<Interface> = {}): Promise<Diagnosis> {
  const protocol = protocolOf(capture)
  const catalogue = catalogueOf({ protocol, format: formatOf(protocol), ...iface })
  const engine = startEngine(await engineParts(catalogue, '.'), null)
  const edge = createOfflineEdge({ catalogue, protocols: [mllp, http, dimse], name: 'capture' })
  const incidents = new Map<string, Incident>()
  const take = (entries: ReturnType<typeof edge.finish>) => {
    for (const incident of engine.take(entries).incidents) incidents.set(incident.id, incident)
  }
  for (const { connectionId, event } of eventsOfCapture(capture)) take(edge.see({ interfaceId: 'wire', connectionId, event }))
  take(edge.finish())
  const all = [...incidents.values()]
  const { ticketFor } = createTicketRules(catalogue, customerRules)
  return {
    findings: engine.findings(),
    incidents: all,
    tickets: all.filter((i) => i.ticketed).map((i) => ticketFor(i)),
  }
}

function formatOf(protocol: ProtocolName): FormatName {
  if (protocol === 'mllp') return 'hl7v2'
  return protocol === 'dimse' ? 'dicom' : 'json'
}

/** One interface from the LIS to the EMR, or as wished; nothing is learned of it and no contract is named. */
function catalogueOf(changes: Partial<Interface>): Catalogue {
  const iface: Interface = {
    id: 'wire',
    name: { zh: '线路', en: 'Wire' },
    from: 'lis',
    to: 'emr',
    protocol: 'mllp',
    format: 'hl7v2',
    options: {},
    contract: null,
    criticality: 'high',
    sources: { proxy: null, capture: null },
    objectives: { successRate: 0.995, latencyP95Ms: 800 },
    expectedVolume: null,
    ...changes,
  }
  const system = (id: string) => ({
    id,
    name: { zh: id.toUpperCase(), en: id.toUpperCase() },
    owner: null,
    addresses: [],
    depends: [],
    timezone: null,
  })
  return {
    hospital: { name: '深圳市人民医院', timezone: 'Asia/Shanghai', calendar: 'cn' },
    systems: [system(iface.from), system(iface.to)],
    interfaces: [iface],
  }
}
