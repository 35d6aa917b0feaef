import { Failure } from '../../model/failure.ts'
import type { Problem } from './shapes.ts'

/** Every problem that the API answers with: status, title, and what the caller can do. One table, so that codes stay stable. */
export const problems = {
  INVALID_REQUEST: {
    status: 400,
    title: 'The request is not as the API describes it',
    advice: 'Correct what the detail names; /api/v1/openapi.json has the shapes.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Not signed in',
    advice: 'Sign in with name and password, a sign-in link, or a bearer token from `auscult token`.',
  },
  SIGN_IN_LINK_INVALID: {
    status: 401,
    title: 'The sign-in link was used or has expired',
    advice: 'Ask an administrator for another; on the server, `auscult link` makes one.',
  },
  SIGN_IN_REFUSED: {
    status: 401,
    title: 'Nobody was signed in',
    advice:
      'Check name and password. After five wrong ones the account is locked for a quarter of an hour; an administrator can unlock it.',
  },
  PASSWORD_UNFIT: {
    status: 400,
    title: 'This password can not be taken',
    advice: 'Take at least 12 characters, six different ones, without your name.',
  },
  ACCOUNT_STATE: { status: 409, title: 'The account does not allow that', advice: 'The detail says why.' },
  FORBIDDEN: { status: 403, title: 'This role may not do that', advice: 'Ask an administrator for a role that may.' },
  CSRF: {
    status: 403,
    title: 'The CSRF token is missing or wrong',
    advice: 'Send the csrfToken of /api/v1/me as X-CSRF-Token.',
  },
  NOT_FOUND: { status: 404, title: 'There is no such thing', advice: 'Check the id; it may have passed its retention.' },
  MESSAGE_NOT_KEPT: {
    status: 404,
    title: 'The message is not kept',
    advice: 'It was empty, never seen, or has passed its retention.',
  },
  FORMAT_NOT_READABLE: {
    status: 409,
    title: 'No format of this program reads the message',
    advice: 'Its messages are shown once an adapter for the format is installed.',
  },
  RESEND_UNFIT: {
    status: 409,
    title: 'The message can not be sent there',
    advice: 'Nothing was sent. Choose another endpoint of desk.testEndpoints, or correct the configuration.',
  },
  TICKET_STATE: { status: 409, title: 'The ticket is in another state', advice: 'Read the ticket again.' },
  CHANGE_STATE: { status: 409, title: 'The change or the silence is in another state', advice: 'Read it again.' },
  CONFLICT: { status: 409, title: 'Somebody else changed it at the same time', advice: 'Read it again and repeat.' },
  TOO_MANY_SEARCHES: { status: 409, title: 'No more searches are kept', advice: 'Delete one that is no longer needed.' },
  TOO_LARGE: { status: 413, title: 'The request is too large', advice: 'Send less than the detail allows.' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', advice: 'Wait for the seconds of Retry-After.' },
  INTERNAL: {
    status: 500,
    title: 'A fault of this program',
    advice: 'The log of the desk has the details under this request.',
  },
  UNAVAILABLE: { status: 503, title: 'The store can not answer', advice: 'The detail says why; try again.' },
} as const satisfies { readonly [code: string]: { readonly status: number; readonly title: string; readonly advice: string } }

export type ProblemCode = keyof typeof problems

/** An expected no of the API. The detail never carries a body or an identifier. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  readonly retryAfterS: number | null
  constructor(code: ProblemCode, detail: string, retryAfterS: number | null = null) {
    super(detail)
    this.code = code
    this.retryAfterS = retryAfterS
  }
}

/** The problem document for whatever went wrong; anything unexpected says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return problem(error.code, error.message)
  if (error instanceof Failure) return { ...problem('UNAVAILABLE', error.message), advice: error.advice, code: error.code }
  const kind = error instanceof Error && 'type' in error ? error.type : null
  // What express.json and the router say no with.
  if (kind === 'entity.too.large') return problem('TOO_LARGE', 'The body is larger than 64 kB.')
  if (kind === 'entity.parse.failed' || kind === 'encoding.unsupported' || kind === 'charset.unsupported')
    return problem('INVALID_REQUEST', 'The body is not JSON.')
  // Static files say no with these: a missing one, or a path that leaves the folder.
  const status = error instanceof Error && 'status' in error ? error.status : null
  if (status === 404 || status === 403) return problem('NOT_FOUND', 'There is no such file.')
  if (error instanceof URIError || status === 400) return problem('INVALID_REQUEST', 'The path is not valid percent encoding.')
  return problem('INTERNAL', 'Something unexpected happened.')
}

function problem(code: ProblemCode, detail: string): Problem {
  const { status, title, advice } = problems[code]
  return { type: `urn:auscult:problem:${code}`, title, status, detail, code, advice }
}
