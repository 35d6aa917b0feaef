import codes from '../../../../../gateway/model/hl7v2/codes.json' with { type: 'json' }

/** The tables that the seed must cover, as their standards have them. */
export const meaningOfCode = {
  hl7: { '0008': codes['0008'], '0357': codes['0357'] },
  /** http://hl7.org/fhir/valueset-issue-type.html, R4 and what R5 added. */
  fhirIssueTypes:
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational success limited-filter'.split(
      ' ',
    ),
  dimse:
    '0000 0105 0106 0107 0110 0111 0112 0117 0118 0119 0120 0121 0122 0124 0210 0211 0212 0213 A7xx A9xx Cxxx B000 B006 B007 FE00 FF00 FF01 RJ-1-1-1 RJ-1-1-2 RJ-1-1-3 RJ-1-1-7 RJ-1-2-1 RJ-1-2-2 RJ-2-3-1 RJ-2-3-2'.split(
      ' ',
    ),
} as const
