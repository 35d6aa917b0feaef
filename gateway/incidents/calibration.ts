/** How scores become confidences. */
export interface Calibration {
  /** Softens (more) or sharpens (less) all confidences. */
  readonly temperature: number
  /** The fixed score of "none of these": what the leading cause has to beat. */
  readonly unknownScore: number
}

/**
 * Fitted by `node bench/calibrate.ts --per-cause 10` on 2026-11-25: 481 tickets of 570 scenarios of the calibration split, all 57 causes. Of the pairs whose log
 * loss is within 0.005 of the smallest (0.201; 0.255 before), the one that names most. When causes or monitors changed much: fit anew.
 */
export const fitted: Calibration = { temperature: 1, unknownScore: -1 }
