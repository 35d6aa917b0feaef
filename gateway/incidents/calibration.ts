/** How scores become confidences. */
export interface Calibration {
  /** Softens (more) or sharpens (less) all confidences. */
  readonly temperature: number
  /** The fixed score of "none of these": what the leading cause has to beat. */
  readonly unknownScore: number
}

/** NOT CALIBRATED: chosen so that one decisive group alone gives about 0.7. */
export const fitted: Calibration = { temperature: 1.2, unknownScore: 0 }
