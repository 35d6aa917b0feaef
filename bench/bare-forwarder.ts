/** A program for `node -e`: as little as Node can do between two sockets. Prints the port that it listens on; 0 takes any. */
export function bareForwarder(listen: number, upstream: number): string {
  return (
    `const net = require('node:net'); const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (a) => { ` +
    `const b = net.connect({ host: '127.0.0.1', port: ${upstream}, noDelay: true, allowHalfOpen: true }); ` +
    `a.pipe(b); b.pipe(a); a.on('error', () => b.destroy()); b.on('error', () => a.destroy()) }); ` +
    `server.listen(${listen}, '127.0.0.1', () => console.log(server.address().port))`
  )
}
