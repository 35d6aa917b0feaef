/** Every page of the console, on the fixture: what the walk visits and what pictures are taken of. A new page is one line. */
export const consolePages: { readonly [name: string]: string } = {
  board: '/',
  wall: '/?wall=1',
  interface: '/interfaces/his-ris-exam-order',
  exchanges: '/exchanges',
  filtered: '/exchanges?interface=his-ris-exam-order&outcome=failed&span=1h',
  exchange: '/exchanges/e1-lis-tijian-result-349',
  refused: '/exchanges/e1-ris-pacs-procedure-350',
  tickets: '/tickets?state=all',
  deadlines: '/tickets?by=deadline',
  ticket: '/tickets/t-refused',
  journeys: '/journeys',
  systems: '/systems',
  reports: '/reports',
  report: '/reports/weekly-2026-W48',
  contracts: '/contracts',
  contract: '/contracts/lis-tijian-result',
  captures: '/captures',
  changes: '/changes',
  change: '/changes/c-aims',
  configured: '/changes/c-configured',
  knowledge: '/knowledge',
  'knowledge-found': '/knowledge?q=103',
  article: '/knowledge/cause-conn-refused',
  settings: '/settings',
}

/** A page's path in a language and a theme. */
export function inLook(path: string, language: string, theme: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}lang=${language}&theme=${theme}`
}

/** What stands on every page once it is there. */
export const pageIsThere = '.panel, .tickets, .tile, .empty'
