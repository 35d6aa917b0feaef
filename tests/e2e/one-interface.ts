/** A configuration of one interface over MLLP. `proxy`: where it listens and what it forwards to. */
export function oneInterface(proxy: { readonly listen: number | undefined; readonly upstream: number | undefined }): string {
  return `hospital: { name: test, timezone: Asia/Shanghai, calendar: cn }
systems: [{ id: his, name: his }, { id: lis, name: lis }]
interfaces:
  - { id: orders, name: orders, from: his, to: lis, protocol: mllp, criticality: high, objectives: { successRate: 0.99, latencyP95Ms: 5000 }, source: { proxy: { listen: "127.0.0.1:${proxy.listen}", upstream: "127.0.0.1:${proxy.upstream}" } } }
`
}
