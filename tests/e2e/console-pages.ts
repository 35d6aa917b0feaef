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
  changes: '/changes',
  change: '/changes/c-aims',
  configured: '/changes/c-configured',
  knowledge: '/knowledge',
  'knowledge-found': '/knowledge?q=103',
  article: '/knowledge/cause-conn-refused',
}

/** What stands on every page once it is there. */
export const pageIsThere = '.panel, .tickets, .tile, .empty'
