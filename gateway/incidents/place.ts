import { charsetLabelOf } from '../model/charset.ts'
import type { Interface } from '../model/interface.ts'
import type { Text } from '../model/text.ts'
import type { Topology } from './topology.ts'

/** Names for texts. Never an identifier of a patient, never a value of a message. */
export interface Place {
  readonly interfaceId: string
  readonly fromId: string
  readonly toId: string
  readonly iface: Text
  readonly from: Text
  readonly to: Text
  /** Address that the receiver is reached at, or its interface's name where none is known. */
  readonly address: string
  /** Where its messages say in which character set they are. */
  readonly charsetLabel: string
}

/** Names for texts about one interface, or about a system alone. */
export function placeOf(iface: Interface | null, focus: { readonly systemIds: readonly string[] }, topology: Topology): Place {
  const name = (id: string) => topology.system(id)?.name ?? { zh: id, en: id }
  if (iface === null) {
    const id = focus.systemIds[0] ?? 'gateway'
    return {
      interfaceId: '',
      fromId: id,
      toId: id,
      iface: name(id),
      from: name(id),
      to: name(id),
      address: id,
      charsetLabel: '',
    }
  }
  const address = iface.sources.proxy?.upstream ?? iface.sources.capture?.acceptor ?? null
  return {
    interfaceId: iface.id,
    fromId: iface.from,
    toId: iface.to,
    iface: iface.name,
    from: name(iface.from),
    to: name(iface.to),
    address: address === null ? iface.to : `${address.host}:${address.port}`,
    charsetLabel: charsetLabelOf(iface.format),
  }
}
