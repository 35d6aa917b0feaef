/**
 * The IP packet inside a packet of that link type, or null when there is none in it. `unknown`: the link type isn't one that we read:
 * Ethernet (with any VLAN tags), raw IP, BSD loopback, Linux cooked v1 and v2. Numbers as https://www.tcpdump.org/linktypes.html.
 */
export function ipInside(link: number, bytes: Buffer): Buffer | null | 'unknown' {
  switch (link) {
    case 1:
      return ofType(bytes, 12)
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return bytes
    case 0:
      return loopback(bytes)
    case 108:
      return loopback(bytes)
    case 113:
      return ofType(bytes, 14)
    case 276:
      return ofCookedV2(bytes)
    default:
      return 'unknown'
  }
}

const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const
/** 802.1Q, 802.1ad, and the older numbers for a tag in a tag. */
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200])
const vlanTagsMax = 4

/** What follows the type at `typeAt`, behind VLAN tags. Below 1536 the type is a length: then LLC and SNAP follow (802.3). */
function ofType(bytes: Buffer, typeAt: number): Buffer | null {
  let at = typeAt
  for (let tags = 0; tags <= vlanTagsMax && at + 2 <= bytes.length; tags += 1) {
    const type = bytes.readUInt16BE(at)
    if (type === etherTypes.ipv4 || type === etherTypes.ipv6) return bytes.subarray(at + 2)
    if (vlanTypes.has(type)) at += 4
    else if (type < 1536 && at + 10 <= bytes.length && bytes.readUInt16BE(at + 2) === 0xaaaa) at += 8
    else return null
  }
  return null
}

/** SLL2 has its type first, and 20 bytes before the packet; VLAN tags stand behind those. */
function ofCookedV2(bytes: Buffer): Buffer | null {
  if (bytes.length < 20) return null
  const type = bytes.readUInt16BE(0)
  if (type === etherTypes.ipv4 || type === etherTypes.ipv6) return bytes.subarray(20)
  return vlanTypes.has(type) ? ofType(bytes, 22) : null
}

/** An address family of the capturing system in its own byte order (NULL) or the network's (LOOP). The packet says itself which IP it is. */
function loopback(bytes: Buffer): Buffer | null {
  if (bytes.length < 5) return null
  const family = Math.min(bytes.readUInt32LE(0), bytes.readUInt32BE(0))
  return addressFamilies.has(family) ? bytes.subarray(4) : null
}

/** AF_INET, and AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
const addressFamilies: ReadonlySet<number> = new Set([2, 10, 24, 28, 30])
