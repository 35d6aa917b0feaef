import type { Lesson } from '../model/article.ts'
import type { Duty, DutyKind, DutyState } from '../model/duty.ts'
import type { DeliveryState, Notice } from '../model/notice.ts'
import type { Ticket } from '../model/ticket.ts'
import type { Instant } from '../model/time.ts'
import type { Page } from './exchange-store.ts'

/** What a write of a ticket does to its duties, in the same transaction or not at all. Ends come before starts. */
export interface TicketEffects {
  /** The open duties of these kinds end. */
  readonly ends: readonly { readonly kind: DutyKind; readonly state: 'done' | 'void'; readonly at: Instant }[]
  /** A duty whose id is there already is not begun again, unless it was void: then it is owed once more. */
  readonly starts: readonly Pick<Duty, 'id' | 'kind' | 'startedAt' | 'dueAt'>[]
  /** The duty that was found late. The whole write is refused when it is not open any more, or was found late before. */
  readonly overdue: { readonly dutyId: string; readonly at: Instant } | null
  readonly notices: readonly NoticeToSend[]
  /** What the knowledge base learns from it. Left out: nothing. */
  readonly lesson?: Lesson | null
}

export const noEffects: TicketEffects = { ends: [], starts: [], overdue: null, notices: [] }

/** A notice with the channels it goes out on. One whose id is there already is not written again. */
export interface NoticeToSend {
  readonly notice: Notice
  readonly channels: readonly string[]
}

/** A notice as it stands on one channel. */
export interface Delivery {
  readonly notice: Notice
  readonly channel: string
  readonly state: DeliveryState
  readonly tries: number
  readonly nextAt: Instant
  readonly sentAt: Instant | null
}

/** What became of a try. `alarm`: the notice that the channel is dead or back, for the other channels. */
export type TryResult =
  | { readonly outcome: 'sent'; readonly at: Instant; readonly alarm: NoticeToSend | null }
  | {
      readonly outcome: 'failed'
      readonly at: Instant
      /** Null: it is not tried again. */
      readonly nextAt: Instant | null
      readonly alarm: NoticeToSend | null
    }

/** A channel that delivers nothing at present. */
export interface FailingChannel {
  readonly name: string
  readonly since: Instant
  /** Whether the others were told. */
  readonly isTold: boolean
}

export interface NoticeStore {
  /** What waits for the channel and may be tried at `now`, oldest first. */
  dueDeliveries(channel: string, now: Instant, limit: number): Promise<readonly Delivery[]>
  /**
   * Writes what became of a try, with everything that follows, in one transaction: the channel's own state, the alarm, and the end of
   * the duty to notify when a first notice is out on two channels. False, and nothing is written, when the delivery doesn't wait.
   */
  settleDelivery(noticeId: string, channel: string, result: TryResult): Promise<boolean>
  /** Gives up what waits for channels that are none of these, and forgets that they failed: they are configured no more. */
  keepChannels(names: readonly string[]): Promise<void>
  failingChannels(): Promise<readonly FailingChannel[]>
  /** What was told about a ticket, on which channels, newest first; at most 500. */
  deliveries(ticketId: string): Promise<readonly Delivery[]>
  /** Deliveries by channel and state, since ever. */
  deliveryCounts(): Promise<readonly { readonly channel: string; readonly state: DeliveryState; readonly count: number }[]>
}

export interface DutyQuery {
  readonly ticketId?: string
  readonly state?: DutyState
  /** True: only those that were found late; false: only the others. */
  readonly isOverdue?: boolean
  readonly limit: number
  readonly cursor?: string
}

/** A duty with the ticket it is owed to. */
export interface DutyOfTicket {
  readonly duty: Duty
  readonly ticket: Ticket
}

/** Duties of one kind whose deadline lies in a span: done in time, or late (done late, or still owed). Void ones don't count. */
export interface DutyTally {
  readonly kind: DutyKind
  readonly kept: number
  readonly late: number
}

/** What one owner has to do now. `owner` null: tickets that nobody has. */
export interface OwnerLoad {
  readonly owner: string | null
  readonly open: number
  readonly assigned: number
  /** Of these tickets, those that have a duty which was found late and is still owed. */
  readonly late: number
}

export interface DutyStore {
  /** How deadlines from `from` to `to` (exclusive) were kept; open ones that aren't late yet don't count. */
  dutyTallies(from: Instant, to: Instant): Promise<readonly DutyTally[]>
  /** Open and assigned tickets by owner, the most laden first. */
  ownerLoads(): Promise<readonly OwnerLoad[]>
  /** Nearest deadline first. */
  duties(query: DutyQuery): Promise<Page<DutyOfTicket>>
  /** Open duties that are due at `now` and were not found late yet, the oldest deadline first. */
  dueDuties(
    now: Instant,
    limit: number,
  ): Promise<readonly { readonly duty: Duty; readonly ticket: Ticket; readonly version: number }[]>
  /**
   * Takes or keeps the named lease until `now + ttlMs` (ten minutes at most). False while somebody else holds it. It spares two desks the
   * same work; that nothing is done twice rests on versions and states, not on the lease.
   */
  takeLease(name: string, holder: string, now: Instant, ttlMs: number): Promise<boolean>
  /** Gives it back before it expires; nothing when somebody else holds it. */
  dropLease(name: string, holder: string): Promise<void>
}
