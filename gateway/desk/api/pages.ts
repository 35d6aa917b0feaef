import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import compression from 'compression'
import express, { type Response, type Router } from 'express'

const noncePlace = '__CSP_NONCE__'

/** Headers of every answer. Scripts only from our own files; nothing may frame the console, nothing is sent elsewhere. */
export function setSecurityHeaders(response: Response, isSecure: boolean): void {
  // RFC 6797: whoever came by TLS once comes by nothing else for a year.
  if (isSecure) response.set('strict-transport-security', 'max-age=31536000')
  response.set({
    'content-security-policy': policy("'self'"),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  })
}

/** Of files that a route answers: one that a browser shows, as a report, has its own styles and nothing else; it runs nothing. */
export const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"

/**
 * The console's built files from `folder`, and its page for every path that isn't a file. Styles that the page's components make
 * while it runs carry a nonce where the page has a place for it (`__CSP_NONCE__`); without one, inline styles, and only styles,
 * are allowed.
 */
export function consolePages(folder: string): Router {
  const router = express.Router()
  // Built assets carry a hash of their content in the name. They alone are compressed: what answers say must not be guessed by its length (BREACH).
  router.use(
    '/assets',
    compression(),
    express.static(join(folder, 'assets'), {
      immutable: true,
      maxAge: '365d',
      fallthrough: false,
      index: false,
      redirect: false,
    }),
  )
  router.use(express.static(folder, { index: false, redirect: false, maxAge: 0 }))
  router.get('/{*path}', (_request, response) => {
    const page = pageOf(folder)
    if (page === null) {
      // The launcher builds it while the product starts already: the browser asks again by itself.
      response.status(503).set({ 'retry-after': '3', refresh: '3', 'cache-control': 'no-store' }).type('text/plain')
      response.send('控制台正在构建,请稍候。 The console is being built; if it stays so, run npm run console:build.\n')
      return
    }
    const nonce = page.includes(noncePlace) ? randomBytes(16).toString('base64') : null
    response.set('content-security-policy', policy(nonce === null ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`))
    response.set('cache-control', 'no-store').type('html')
    response.send(nonce === null ? page : page.replaceAll(noncePlace, nonce))
  })
  return router
}

function policy(styles: string): string {
  return (
    `default-src 'none'; script-src 'self'; style-src ${styles}; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; ` +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
  )
}

function pageOf(folder: string): string | null {
  const file = join(folder, 'index.html')
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file, 'utf8') : null
}
