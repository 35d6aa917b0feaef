/**
 * What kind of trouble an alert is. Two alerts can only have one cause when they share a kind: a wrong clock and a refused
 * connection at the same moment are two faults. `trend`: of weeks; `quality`: chronic, of data. They stand alone, so that nothing acute begins when they began.
 * `other`: of a monitor that nobody has sorted yet.
 */
export type Kind =
  | 'self'
  | 'reach'
  | 'slow'
  | 'answer'
  | 'content'
  | 'time'
  | 'flow'
  | 'framing'
  | 'trend'
  | 'quality'
  | 'other'
