/**
 * Coded elements of HL7 v2 that say what somebody has, gets or is charged, which others can only use by a standard's code (LOINC, ICD-10, ICD-9-CM-3, the national lists of drugs and
 * of insurance): observations, orders, diagnoses, procedures, allergies, drugs, charges, specimens and blood.
 */
export const conceptPaths: ReadonlySet<string> = new Set(
  'OBX-3.1 OBR-4.1 DG1-3.1 PR1-3.1 AIS-3.1 AL1-3.1 RXO-1.1 RXE-2.1 RXD-2.1 RXA-5.1 FT1-7.1 FT1-25.1 SPM-4.1 BPO-2.1 BTX-3.1'.split(
    ' ',
  ),
)
