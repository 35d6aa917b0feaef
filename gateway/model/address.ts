/** A host and a port; IPv6 hosts without brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}
