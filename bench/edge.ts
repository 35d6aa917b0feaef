/** The edge of an MLLP interface beside HAProxy in TCP mode: `node bench/edge.ts [--rounds 3] [--seconds 1] [--warm 6]`. */
import { besideHaproxy } from './beside-haproxy.ts'

await besideHaproxy('mllp')
