/** A host and a port; IPv6 hosts without brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Host of `10.1.0.10:51234` or `[::1]:51234`. */
export function hostOf(address: string): string {
  const colon = address.lastIndexOf(':')
  return colon > 0 ? address.slice(0, colon) : address
}
