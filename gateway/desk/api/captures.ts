import { findCauseEntry } from '../../incidents/catalogue.ts'
import type { Format } from '../../model/document.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../access/session.ts'
import { auditRow } from '../audit/row.ts'
import type { Capture, Captures } from '../captures.ts'
import { createMessages } from '../messages.ts'
import { type Binding, bind, bindUpload } from './bind.ts'
import { exchangePage } from './exchanges.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly sampleCatalogue: Catalogue
  readonly formats: ReadonlyMap<string, Format>
  readonly captures: Captures
  readonly clock: Clock
  readonly present: Presenter
}

/** Captures that people bring: analysed apart from the live store, read in place, audited. */
export function captureRoutes(parts: Parts): readonly Binding[] {
  const { captures, present } = parts
  const audit = (caller: Caller, action: string, subject: string) =>
    parts.store.appendAudit(auditRow(caller, parts.clock.now(), { action, subject }))
  const list = () => ({ bytesMax: captures.bytesMax, items: captures.list().map((capture) => presented(capture, parts)) })
  const found = (id: string | undefined): Capture => {
    const capture = captures.find(id ?? '')
    if (capture === null) throw new Refusal('NOT_FOUND', 'There is no such capture; it may have been deleted.')
    return capture
  }
  const storeOf = async ({ id }: Capture): Promise<Store> => {
    const store = await captures.store(id)
    if (store === null) throw new Refusal('CONFLICT', 'The capture has not been analysed to its end.')
    return store
  }
  const exchangeOf = async (store: Store, id: string | undefined) => {
    const exchange = await store.exchange(id ?? '')
    if (exchange === null) throw new Refusal('NOT_FOUND', 'There is no such exchange in the capture.')
    return exchange
  }
  return [
    bind(routes.captures, async () => list()),
    bindUpload(routes.uploadCapture, async ({ body, query, caller }) => {
      // What can't be written down is not taken.
      await audit(caller, 'capture upload', 'capture')
      return presented(await captures.receive(body, query.name, caller.name), parts)
    }),
    bind(routes.sampleCapture, async ({ caller }) => presented(await captures.sample(caller.name), parts)),
    bind(routes.capture, async ({ params }) => presented(found(params.id), parts)),
    bind(routes.analyzeCapture, async ({ params, body, caller }) => {
      const capture = found(params.id)
      const known = catalogueOf(capture, parts).interfaces
      if (!body.assign.every(({ interfaceId }) => known.some(({ id }) => id === interfaceId)))
        throw new Refusal('INVALID_REQUEST', 'body.assign names an interface that the catalogue does not have')
      await audit(caller, 'capture analyze', capture.id)
      return presented(await captures.analyze(capture.id, body.assign), parts)
    }),
    bind(routes.deleteCapture, async ({ params, caller }) => {
      const { id } = found(params.id)
      await audit(caller, 'capture delete', id)
      await captures.remove(id)
      return list()
    }),
    bind(routes.captureExchanges, async ({ params, query, caller }) => {
      const capture = found(params.id)
      const store = await storeOf(capture)
      await audit(caller, 'capture read', capture.id)
      return exchangePage(store, query, present)
    }),
    bind(routes.captureExchange, async ({ params }) =>
      present.exchange(await exchangeOf(await storeOf(found(params.id)), params.exchange)),
    ),
    bind(routes.captureMessage, async ({ params, query, caller }) => {
      const capture = found(params.id)
      const store = await storeOf(capture)
      const exchange = await exchangeOf(store, params.exchange)
      await audit(caller, 'capture message', `${capture.id}/${exchange.id}`)
      const messages = createMessages(store, catalogueOf(capture, parts), parts.formats)
      return messages.read(exchange, query.side ?? 'request', query.view ?? 'tree', 'masked')
    }),
  ]
}

function catalogueOf({ isSample }: Capture, { catalogue, sampleCatalogue }: Parts): Catalogue {
  return isSample ? sampleCatalogue : catalogue
}

function presented(capture: Capture, parts: Parts) {
  const { present } = parts
  const { found, receivedAt, deletedAt, ...rest } = capture
  return {
    ...rest,
    receivedAt: present.iso(receivedAt),
    deletedAt: present.iso(deletedAt),
    found: found === null ? null : presentedFound(found, catalogueOf(capture, parts), present),
  }
}

function presentedFound(found: NonNullable<Capture['found']>, catalogue: Catalogue, present: Presenter) {
  const { kind: _, from, to, interfaces, clocks, findings, tickets, ...rest } = found
  const nameOf = (id: string) => catalogue.interfaces.find((iface) => iface.id === id)?.name ?? { zh: id, en: id }
  const systemName = (id: string) => catalogue.systems.find((system) => system.id === id)?.name ?? { zh: id, en: id }
  return {
    ...rest,
    from: from === null ? null : present.iso(from),
    to: to === null ? null : present.iso(to),
    interfaces: interfaces.map((iface) => ({ ...iface, name: nameOf(iface.id) })),
    systems: clocks.map(({ systemId, offsetS, errorS, verdict }) => ({
      ...{ id: systemId, name: systemName(systemId), offsetS, errorS, verdict },
    })),
    findings: findings.map((finding) => ({
      ...finding,
      firstAt: present.iso(finding.firstAt),
      title: findCauseEntry(finding.cause)?.name ?? { zh: finding.cause, en: finding.cause },
    })),
    tickets: tickets.map(({ id, severity, title, interfaceIds, systemIds, openedAt, causes, advice, exchangeIds }) => ({
      ...{ id, severity, title, interfaceIds, systemIds, advice, exchangeIds },
      openedAt: present.iso(openedAt),
      causes: causes.map(({ locus: __, ...cause }) => cause),
    })),
  }
}
