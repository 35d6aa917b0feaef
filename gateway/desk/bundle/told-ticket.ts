import type { Ticket } from '../../model/ticket.ts'
import { fitToTell } from '../notices/write-notice.ts'

/** The ticket as it may leave the house: what people wrote passes what hides identity cards and telephones. */
export function toldTicket(ticket: Ticket): Ticket {
  const { postMortem } = ticket
  return {
    ...ticket,
    timeline: ticket.timeline.map((item) => ({
      ...item,
      text: { zh: fitToTell(item.text.zh), en: fitToTell(item.text.en) },
      ...(item.report === undefined
        ? {}
        : {
            report: {
              taken: fitToTell(item.report.taken),
              blocker: fitToTell(item.report.blocker),
              next: fitToTell(item.report.next),
            },
          }),
    })),
    postMortem: postMortem && {
      ...postMortem,
      rootCause: fitToTell(postMortem.rootCause),
      repair: fitToTell(postMortem.repair),
      prevention: fitToTell(postMortem.prevention),
    },
  }
}
