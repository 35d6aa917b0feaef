/** The edge of an interface over HTTP beside HAProxy in HTTP mode: `node bench/http.ts [--rounds 3] [--seconds 1] [--warm 6]`. */
import { besideHaproxy } from './beside-haproxy.ts'

await besideHaproxy('http')
