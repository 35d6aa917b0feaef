/**
 * Message structures of HL7 2.3.1 to 2.6 in the compact notation of `../structure/grammar.ts`. One text a structure, written for
 * the newest version of the five: segments that an older version doesn't have fall out by its segment table
 * (`structure-of.ts`), and a structure that an older version orders differently has an entry of its own below `older`.
 * From the abstract message definitions of the standard; the chapter stands at each block (HL7 2.5.1 numbering).
 * Exempt from the file length: it is a table.
 */

const head = 'MSH [{SFT}] [UAC]'
const answerHead = `${head} MSA [{ERR}]`
const event = `${head} EVN`
const timing = '[{TQ1 [{TQ2}]}]'
const insurance = '[{IN1 [IN2] [{IN3}] [{ROL}]}]'
const procedures = '[{PR1 [{ROL}]}]'
const person = 'PID [PD1] [{ARV}] [{ROL}]'
const visit = 'PV1 [PV2] [{ARV}] [{ROL}]'
/** The patient of an order (chapter 4): notes and next of kin stand in either order across versions. */
const orderPatient = '[PID [PD1] [{NTE}] [{NK1}] [{ARV}] [{NTE}] [{AL1}] [PV1 [PV2]] [{IN1 [IN2] [IN3]}] [GT1] [{AL1}]]'
const prior = '[{[PID [PD1]] [PV1 [PV2]] [{AL1}] {[ORC] OBR [{NTE}] [{TQ1 [{TQ2}]}] [CTD] {OBX [{NTE}]}}}]'
const labRequest = 'OBR [TCD] [{NTE}] [CTD] [{DG1}] [{OBX [TCD] [{NTE}]}]'
const specimens = '[{SPM [{OBX}] [{SAC [{OBX}]}]}]'
const orderEnd = '[{FT1}] [{CTI}] [BLG]'
const chargeOrder = `[{[ORC] ${timing} [OBR [{NTE}]] [{OBX [{NTE}]}]}]`
const drugOrder = '[RXO [{NTE}] [{RXR}] [{RXC [{NTE}]}] [{NTE}]]'
const encoded = `[RXE [{NTE}] ${timing} {RXR} [{RXC}]]`
const observations = `[ORC] OBR [{NTE}] ${timing} [CTD] [{OBX [{NTE}]}] [{FT1}] [{CTI}] [{SPM [{OBX}]}]`
const resultPatient = '[PID [PD1] [{NTE}] [{NK1}] [{ARV}] [{NTE}] [PV1 [PV2]]]'
const instrumentResult = `OBR [ORC] [{NTE}] ${timing} [{OBX [TCD] [{SID}] [{NTE}]}] [{CTI}]`
const instrumentHead = `${head} [{NTE}] [PID [PD1] [{NTE}] [{ARV}]] [PV1 [PV2]]`
const resources = '{RGS [{AIS [{NTE}]}] [{AIG [{NTE}]}] [{AIL [{NTE}]}] [{AIP [{NTE}]}]}'
const requestedResources = '{RGS [{AIS [APR] [{NTE}]}] [{AIG [APR] [{NTE}]}] [{AIL [APR] [{NTE}]}] [{AIP [APR] [{NTE}]}]}'
const staff = 'STF [{PRA}] [{ORG}] [{AFF}] [{LAN}] [{EDU}] [{CER}]'
const caseOrder = '[{ORC [<OBR | RXO> [{NTE}] [{VAR}] [{OBX [{NTE}] [{VAR}]}]]}]'
const goal = 'GOL [{NTE}] [{VAR}] [{ROL [{VAR}]}] [{PTH [{VAR}]}] [{OBX [{NTE}]}]'
const pathwayHead = `${head} PID [PV1 [PV2]]`
const admission = `${event} ${person} [{NK1}] ${visit} [{DB1}] [{OBX}] [{AL1}] [{DG1}] [DRG] ${procedures} [{GT1}] ${insurance} [ACC] [UB1] [UB2]`

/** Structure id (HL7 table 0354) to its segments. */
export const structures: { readonly [id: string]: string } = {
  // Chapter 2: control
  ACK: answerHead,
  // Chapter 3: patient administration
  ADT_A01: `${admission} [PDA]`,
  ADT_A02: `${event} ${person} ${visit} [{DB1}] [{OBX}] [PDA]`,
  ADT_A03: `${event} ${person} [{NK1}] ${visit} [{DB1}] [{AL1}] [{DG1}] [DRG] ${procedures} [{OBX}] [{GT1}] ${insurance} [ACC] [PDA]`,
  ADT_A05: admission,
  ADT_A06: `${event} ${person} [MRG] [{NK1}] ${visit} [{DB1}] [{OBX}] [{AL1}] [{DG1}] [DRG] ${procedures} [{GT1}] ${insurance} [ACC] [UB1] [UB2]`,
  ADT_A09: `${event} PID [PD1] PV1 [PV2] [{DB1}] [{OBX}] [{DG1}]`,
  ADT_A12: `${event} PID [PD1] PV1 [PV2] [{DB1}] [{OBX}] [{DG1}]`,
  ADT_A15: `${event} ${person} ${visit} [{DB1}] [{OBX}] [{DG1}]`,
  ADT_A16: `${event} ${person} [{NK1}] ${visit} [{DB1}] [{OBX}] [{AL1}] [{DG1}] [DRG] ${procedures} [{GT1}] ${insurance} [ACC]`,
  ADT_A17: `${event} PID [PD1] PV1 [PV2] [{DB1}] [{OBX}] PID [PD1] PV1 [PV2] [{DB1}] [{OBX}]`,
  ADT_A18: `${event} PID [PD1] MRG PV1`,
  ADT_A20: `${event} NPU`,
  ADT_A21: `${event} PID [PD1] PV1 [PV2] [{DB1}] [{OBX}]`,
  ADT_A24: `${event} PID [PD1] [PV1] [{DB1}] PID [PD1] [PV1] [{DB1}]`,
  ADT_A30: `${event} PID [PD1] MRG`,
  ADT_A37: `${event} PID [PD1] [PV1] [{DB1}] PID [PD1] [PV1] [{DB1}]`,
  ADT_A38: `${event} PID [PD1] PV1 [PV2] [{DB1}] [{OBX}] [{DG1}] [DRG]`,
  ADT_A39: `${event} {PID [PD1] MRG [PV1]}`,
  ADT_A43: `${event} {PID [PD1] MRG}`,
  ADT_A45: `${event} PID [PD1] {MRG PV1}`,
  ADT_A50: `${event} PID [PD1] MRG PV1`,
  ADT_A52: `${event} PID [PD1] PV1 [PV2]`,
  ADT_A54: `${event} ${person} ${visit}`,
  ADT_A60: `${event} PID [{ARV}] [PV1] [PV2] [{ARV}] [{IAM [{NTE}] [{IAR}]}]`,
  ADT_A61: `${event} ${person} PV1 [{ROL}] [PV2]`,
  QRY_A19: `${head} QRD [QRF]`,
  ADR_A19: `${answerHead} [QAK] QRD [QRF] {[EVN] ${person} [{NK1}] ${visit} [{DB1}] [{OBX}] [{AL1}] [{DG1}] [DRG] ${procedures} [{GT1}] ${insurance} [ACC] [UB1] [UB2]} [DSC]`,
  // Chapter 4: orders
  ORM_O01: `${head} [{NTE}] ${orderPatient} {ORC ${timing} [<OBR | RQD | RQ1 | RXO [{RXR}] [{RXC}] | ODS | ODT> [{NTE}] [CTD] [{DG1}] [{OBX [{NTE}]}]] ${orderEnd}}`,
  ORR_O02: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [<OBR | RQD | RQ1 | RXO [{RXR}] [{RXC}] | ODS | ODT>] [{NTE}] [{CTI}]}]`,
  OMG_O19: `${head} [{NTE}] ${orderPatient} {ORC ${timing} OBR [{NTE}] [CTD] [{DG1}] [{OBX [{NTE}]}] ${specimens} ${prior} ${orderEnd}}`,
  ORG_O20: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [OBR] [{NTE}] [{CTI}] [{SPM [{SAC}]}]}]`,
  OML_O21: `${head} [{NTE}] ${orderPatient} {ORC ${timing} [${labRequest} ${specimens} ${prior}] ${orderEnd}}`,
  ORL_O22: `${answerHead} [{NTE}] [[PID] [{ORC ${timing} [OBR [{SPM [{SAC}]}]]}]]`,
  OMI_O23: `${head} [{NTE}] ${orderPatient} {ORC ${timing} OBR [{NTE}] [CTD] [{DG1}] [{OBX [{NTE}]}] {IPC}}`,
  ORI_O24: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [OBR] [{NTE}] [{IPC}]}]`,
  OMB_O27: `${head} [{NTE}] ${orderPatient} {ORC ${timing} BPO [SPM] [{NTE}] [{DG1}] [{OBX [{NTE}]}] [{FT1}] [BLG]}`,
  ORB_O28: `${answerHead} [{NTE}] [[PID] {ORC ${timing} [BPO]}]`,
  BPS_O29: `${head} [{NTE}] [PID [PD1] [{NTE}] [{ARV}] [PV1 [PV2]]] {ORC ${timing} BPO [{NTE}] [{BPX [{NTE}]}]}`,
  BRP_O30: `${answerHead} [{NTE}] [[PID] {ORC ${timing} [BPO] [{BPX}]}]`,
  BTS_O31: `${head} [{NTE}] [PID [PD1] [{NTE}] [{ARV}] [PV1 [PV2]]] {ORC ${timing} BPO [{NTE}] [{BTX [{NTE}]}]}`,
  BRT_O32: `${answerHead} [{NTE}] [[PID] [{ORC ${timing} [BPO] [{BTX}]}]]`,
  OML_O33: `${head} [{NTE}] ${orderPatient} {SPM [{OBX}] [{SAC [{OBX}]}] {ORC ${timing} [${labRequest} ${prior}] ${orderEnd}}}`,
  ORL_O34: `${answerHead} [{NTE}] [[PID] [{SPM [{OBX}] [{SAC}] [{ORC ${timing} [OBR]}]}]]`,
  OML_O35: `${head} [{NTE}] ${orderPatient} {SPM [{OBX}] {SAC [{OBX}] {ORC ${timing} [${labRequest} ${prior}] ${orderEnd}}}}`,
  ORL_O36: `${answerHead} [{NTE}] [[PID] [{SPM [{OBX}] {SAC [{ORC ${timing} [OBR]}]}}]]`,
  OML_O39: `${head} [{NTE}] ${orderPatient} {ORC ${timing} [${labRequest} [{SHP [{OBX}] {PAC [{SPM [{OBX}] [{SAC [{OBX}]}]}]}}] ${specimens}] ${orderEnd}}`,
  ORL_O40: `${answerHead} [{NTE}] [[PID] [{ORC ${timing} [OBR [{SHP {PAC [{SPM [{SAC}]}]}}] [{SPM [{SAC}]}]]}]]`,
  OMD_O03: `${head} [{NTE}] ${orderPatient} {ORC ${timing} [{ODS} [{NTE}] [{OBX [{NTE}]}]]} [{ORC ${timing} {ODT} [{NTE}]}]`,
  ORD_O04: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [{ODS}] [{NTE}]} [{ORC ${timing} [{ODT}] [{NTE}]}]]`,
  OMS_O05: `${head} [{NTE}] ${orderPatient} {ORC ${timing} RQD [{NTE}] [{OBX [{NTE}]}] [BLG]}`,
  ORS_O06: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} RQD [{NTE}]}]`,
  OMN_O07: `${head} [{NTE}] ${orderPatient} {ORC ${timing} RQD [RQ1] [{NTE}] [{OBX [{NTE}]}] [BLG]}`,
  ORN_O08: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} RQD [RQ1] [{NTE}]}]`,
  OMP_O09: `${head} [{NTE}] ${orderPatient} {ORC ${timing} RXO [{NTE}] {RXR} [{RXC [{NTE}]}] [{OBX [{NTE}]}] [{FT1}] [BLG]}`,
  ORP_O10: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [RXO [{NTE}] [{RXR}] [{RXC}] [{NTE}]]}]`,
  RDE_O11: `${head} [{NTE}] ${orderPatient} {ORC ${timing} ${drugOrder} RXE [{NTE}] ${timing} {RXR} [{RXC}] [{OBX [{NTE}]}] [{FT1}] [BLG] [{CTI}]}`,
  RRE_O12: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [RXE [{NTE}] ${timing} {RXR} [{RXC}]]}]`,
  RDS_O13: `${head} [{NTE}] ${orderPatient} {ORC ${timing} ${drugOrder} ${encoded} RXD [{NTE}] {RXR} [{RXC}] [{OBX [{NTE}]}] [{FT1}]}`,
  RRD_O14: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [RXD [{NTE}] {RXR} [{RXC}]]}]`,
  RGV_O15: `${head} [{NTE}] ${orderPatient} {ORC ${timing} ${drugOrder} ${encoded} {RXG [{NTE}] ${timing} {RXR} [{RXC}] [{OBX [{NTE}]}]}}`,
  RRG_O16: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [RXG ${timing} {RXR} [{RXC}]]}]`,
  RAS_O17: `${head} [{NTE}] ${orderPatient} {ORC ${timing} ${drugOrder} ${encoded} {{RXA} RXR [{OBX [{NTE}]}]} [{CTI}]}`,
  RRA_O18: `${answerHead} [{NTE}] [[PID [{NTE}]] {ORC ${timing} [{RXA} RXR]}]`,
  VXU_V04: `${head} PID [PD1] [{NK1}] [{ARV}] [PV1 [PV2]] [{GT1}] [{IN1 [IN2] [IN3]}] [{[ORC] ${timing} RXA [RXR] [{OBX [{NTE}]}]}]`,
  // Chapter 5: queries
  QBP_Q11: `${head} QPD [{*}] [RDF] RCP [DSC]`,
  QBP_Q13: `${head} QPD [{*}] [RDF] RCP [DSC]`,
  QBP_Q15: `${head} QPD [{*}] RCP [DSC]`,
  QBP_Q21: `${head} QPD RCP [DSC]`,
  QRY_Q02: `${head} QRD [QRF] [DSC]`,
  QCK_Q02: `${answerHead} [QAK]`,
  DSR_Q03: `${head} [MSA] [{ERR}] [QAK] QRD [QRF] {DSP} [DSC]`,
  RSP_K11: `${answerHead} QAK QPD [{*}] [DSC]`,
  RSP_K21: `${answerHead} QAK QPD [{PID [PD1] [{NK1}] [QRI]}] [DSC]`,
  RSP_K23: `${answerHead} QAK QPD [PID] [DSC]`,
  RSP_K25: `${answerHead} QAK QPD [{STF [{PRA}] [{ORG}] [{AFF}] [{LAN}] [{EDU}] [{CER}]}] [DSC]`,
  RSP_K31: `${answerHead} QAK QPD RCP {[PID [PD1] [{NTE}] [{AL1}] [PV1 [PV2]]] {ORC ${timing} ${drugOrder} ${encoded} [RXD] [{RXR}] [{RXC}] [{OBX [{NTE}]}]}} [DSC]`,
  // Chapter 6: finance
  BAR_P01: `${event} ${person} {[${visit}] [{DB1}] [{OBX}] [{AL1}] [{DG1}] [DRG] ${procedures} [{GT1}] [{NK1}] ${insurance} [ACC] [UB1] [UB2]}`,
  BAR_P02: `${event} {PID [PD1] [PV1] [{DB1}]}`,
  BAR_P05: `${event} ${person} {[${visit}] [{DB1}] [{OBX}] [{AL1}] [{DG1}] [DRG] ${procedures} [{GT1}] [{NK1}] ${insurance} [ACC] [UB1] [UB2] [ABS] [{BLC}] [RMI]}`,
  BAR_P06: `${event} {PID [PV1]}`,
  BAR_P10: `${event} PID PV1 [{DG1}] GP1 [{PR1 [GP2]}]`,
  BAR_P12: `${event} PID PV1 [{DG1}] [DRG] ${procedures} [{OBX}]`,
  DFT_P03: `${event} ${person} [${visit}] [{DB1}] ${chargeOrder} {FT1 [{NTE}] ${procedures} ${chargeOrder}} [{DG1}] [DRG] [{GT1}] ${insurance} [ACC]`,
  DFT_P11: `${event} ${person} [${visit}] [{DB1}] ${chargeOrder} [{DG1}] [DRG] [{GT1}] ${insurance} [ACC] {FT1 ${procedures} ${chargeOrder} [{DG1}] [DRG] [{GT1}] ${insurance}}`,
  // Chapter 7: observations
  ORU_R01: `${head} {${resultPatient} {${observations}}} [DSC]`,
  ORU_R30: `${head} PID [PD1] [{OBX}] [PV1 [PV2]] ORC OBR [{NTE}] ${timing} {OBX [{NTE}]}`,
  ORA_R33: `${answerHead} [ORC]`,
  ORF_R04: `${answerHead} QRD [QRF] {[PID [{NTE}]] {[ORC] OBR [{NTE}] ${timing} [CTD] [{OBX [{NTE}]}]}} [{ERR}] [QAK] [DSC]`,
  OUL_R21: `${instrumentHead} {[SAC [SID]] [ORC] OBR [{NTE}] ${timing} [{OBX [TCD] [{SID}] [{NTE}]}] [{CTI}]} [DSC]`,
  OUL_R22: `${instrumentHead} {SPM [{OBX}] [{SAC [INV]}] {${instrumentResult}}} [DSC]`,
  OUL_R23: `${instrumentHead} {SPM [{OBX}] {SAC [INV] {${instrumentResult}}}} [DSC]`,
  OUL_R24: `${instrumentHead} {OBR [ORC] [{NTE}] ${timing} [{SPM [{OBX}] [{SAC [INV]}]}] [{OBX [TCD] [{SID}] [{NTE}]}] [{CTI}]} [DSC]`,
  // Chapter 8: master files
  MFN_M01: `${head} MFI {MFE [{*}]}`,
  MFN_M02: `${head} MFI {MFE ${staff}}`,
  MFN_M03: `${head} MFI {MFE OM1 [{*}]}`,
  MFN_M04: `${head} MFI {MFE {CDM [{PRC}]}}`,
  MFN_M05: `${head} MFI {MFE LOC [{LCH}] [{LRL}] {LDP [{LCH}] [{LCC}]}}`,
  MFN_M06: `${head} MFI {MFE CM0 [{CM1 [{CM2}]}]}`,
  MFN_M07: `${head} MFI {MFE CM0 [{CM2}]}`,
  MFN_M08: `${head} MFI {MFE OM1 [OM2] [OM3] [OM4]}`,
  MFN_M09: `${head} MFI {MFE OM1 [OM3 [{OM4}]]}`,
  MFN_M10: `${head} MFI {MFE OM1 [OM5 [{OM4}]]}`,
  MFN_M11: `${head} MFI {MFE OM1 [OM6 OM2]}`,
  MFN_M12: `${head} MFI {MFE OM1}`,
  MFN_M13: `${head} MFI {MFE}`,
  MFN_M15: `${head} MFI {MFE IIM}`,
  MFK_M01: `${answerHead} MFI [{MFA}]`,
  // Chapter 9: documents
  MDM_T01: `${event} PID PV1 [{ORC ${timing} OBR [{NTE}]}] TXA [{CON}]`,
  MDM_T02: `${event} PID PV1 [{ORC ${timing} OBR [{NTE}]}] TXA [{CON}] {OBX [{NTE}]}`,
  DOC_T12: `${answerHead} [QAK] QRD {[EVN] PID PV1 TXA [{OBX}]} [DSC]`,
  // Chapter 10: scheduling
  SIU_S12: `${head} SCH ${timing} [{NTE}] [{PID [PD1] [PV1] [PV2] [{OBX}] [{DG1}]}] ${resources}`,
  SRM_S01: `${head} ARQ [APR] [{NTE}] [{PID [PV1] [PV2] [{OBX}] [{DG1}]}] ${requestedResources}`,
  SRR_S01: `${answerHead} [SCH ${timing} [{NTE}] [{PID [PV1] [PV2] [{OBX}] [{DG1}]}] ${resources}]`,
  // Chapter 11: referral
  REF_I12: `${head} [RF1 [AUT [CTD]]] {PRD [{CTD}]} PID [{NK1}] [{GT1}] [{IN1 [IN2] [IN3]}] [ACC] [{DG1}] [{DRG}] [{AL1}] [{PR1 [AUT [CTD]]}] [{OBR [{NTE}] [{OBX [{NTE}]}]}] [PV1 [PV2]] [{NTE}]`,
  RRI_I12: `${head} [MSA] [RF1 [AUT [CTD]]] {PRD [{CTD}]} PID [ACC] [{DG1}] [{DRG}] [{AL1}] [{PR1 [AUT [CTD]]}] [{OBR [{NTE}] [{OBX [{NTE}]}]}] [PV1 [PV2]] [{NTE}]`,
  // Chapter 12: patient care
  PPR_PC1: `${pathwayHead} {PRB [{NTE}] [{VAR}] [{ROL [{VAR}]}] [{PTH [{VAR}]}] [{OBX [{NTE}]}] [{${goal}}] ${caseOrder}}`,
  PGL_PC6: `${pathwayHead} {${goal} [{PRB [{NTE}] [{VAR}] [{ROL [{VAR}]}] [{OBX [{NTE}]}]}] ${caseOrder}}`,
  // Chapter 13: laboratory automation
  ESU_U01: `${head} EQU [{ISD}] [ROL]`,
  SSU_U03: `${head} EQU {SAC [{OBX}] [{SPM [{OBX}]}]} [ROL]`,
  LSU_U12: `${head} EQU {EQP} [ROL]`,
  // Chapter 14: application management
  NMD_N02: `${head} {[NCK [{NTE}]] [NST [{NTE}]] [NSC [{NTE}]]}`,
  // Chapter 15: personnel
  PMU_B01: `${event} ${staff}`,
  PMU_B03: `${event} STF`,
  PMU_B04: `${event} STF [{PRA}] [{ORG}]`,
  PMU_B07: `${event} STF [PRA] [{CER [{ROL}]}]`,
  PMU_B08: `${event} STF [PRA] [{CER}]`,
}

/** Where an older version orders segments differently: the entry that holds up to and including `until`. */
export const older: { readonly [id: string]: { readonly until: '2.4' | '2.5.1'; readonly segments: string } } = {
  // 2.4 has containers before the order (4.4.6), where 2.5 has specimens below the request.
  OML_O21: {
    until: '2.4',
    segments: `${head} [{NTE}] ${orderPatient} {[{SAC [{OBX}]}] ORC [${labRequest} [{SAC [{OBX}]}] ${prior}] ${orderEnd}}`,
  },
  ORL_O22: { until: '2.4', segments: `${answerHead} [{NTE}] [[PID] [{[SAC [{OBX}]] [ORC [OBR]]}]]` },
  // 2.3.1 and 2.4 send a vaccination record without an order (4.17.1).
  VXU_V04: {
    until: '2.4',
    segments: `${head} PID [PD1] [{NK1}] [PV1 [PV2]] [{GT1}] [{IN1 [IN2] [IN3]}] [{[ORC] RXA [RXR] [{OBX [{NTE}]}]}]`,
  },
}

/**
 * Message code and the trigger events that share a structure (HL7 table 0354). An event that stands here under no structure has the
 * one named after it, when there is one.
 */
export const sharedBy: { readonly [id: string]: readonly string[] } = {
  ADT_A01: ['ADT^A01', 'ADT^A04', 'ADT^A08', 'ADT^A13'],
  ADT_A05: ['ADT^A05', 'ADT^A14', 'ADT^A28', 'ADT^A31'],
  ADT_A06: ['ADT^A06', 'ADT^A07'],
  ADT_A09: ['ADT^A09', 'ADT^A10', 'ADT^A11'],
  ADT_A21: ['ADT^A21', 'ADT^A22', 'ADT^A23', 'ADT^A25', 'ADT^A26', 'ADT^A27', 'ADT^A29', 'ADT^A32', 'ADT^A33'],
  ADT_A30: ['ADT^A30', 'ADT^A34', 'ADT^A35', 'ADT^A36', 'ADT^A46', 'ADT^A47', 'ADT^A48', 'ADT^A49'],
  ADT_A39: ['ADT^A39', 'ADT^A40', 'ADT^A41', 'ADT^A42'],
  ADT_A43: ['ADT^A43', 'ADT^A44'],
  ADT_A50: ['ADT^A50', 'ADT^A51'],
  ADT_A52: ['ADT^A52', 'ADT^A53'],
  ADT_A54: ['ADT^A54', 'ADT^A55'],
  ADT_A61: ['ADT^A61', 'ADT^A62'],
  RDE_O11: ['RDE^O11', 'RDE^O25', 'RDE^O01'],
  RDS_O13: ['RDS^O13', 'RDS^O01'],
  RAS_O17: ['RAS^O17', 'RAS^O01'],
  RGV_O15: ['RGV^O15', 'RGV^O01'],
  MDM_T01: ['MDM^T01', 'MDM^T03', 'MDM^T05', 'MDM^T07', 'MDM^T09', 'MDM^T11'],
  MDM_T02: ['MDM^T02', 'MDM^T04', 'MDM^T06', 'MDM^T08', 'MDM^T10'],
  SIU_S12: [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26].map((event) => `SIU^S${event}`),
  SRM_S01: ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11'].map((event) => `SRM^S${event}`),
  SRR_S01: ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11'].map((event) => `SRR^S${event}`),
  ORU_R01: ['ORU^R01', 'ORU^R40', 'ORU^W01'],
  ORU_R30: ['ORU^R30', 'ORU^R31', 'ORU^R32'],
  QBP_Q21: ['QBP^Q21', 'QBP^Q22', 'QBP^Q23', 'QBP^Q24', 'QBP^Q25'],
  RSP_K21: ['RSP^K21', 'RSP^K22'],
  RSP_K23: ['RSP^K23', 'RSP^K24'],
  RSP_K11: ['RSP^K11', 'RSP^K13', 'RSP^K15', 'RSP^Q11'],
  QRY_Q02: ['QRY^Q01', 'QRY^Q02', 'QRY^R02', 'QRY^T12'],
  DSR_Q03: ['DSR^Q01', 'DSR^Q03'],
  REF_I12: ['REF^I12', 'REF^I13', 'REF^I14', 'REF^I15'],
  RRI_I12: ['RRI^I12', 'RRI^I13', 'RRI^I14', 'RRI^I15'],
  PPR_PC1: ['PPR^PC1', 'PPR^PC2', 'PPR^PC3'],
  PGL_PC6: ['PGL^PC6', 'PGL^PC7', 'PGL^PC8'],
  PMU_B01: ['PMU^B01', 'PMU^B02'],
  PMU_B04: ['PMU^B04', 'PMU^B05', 'PMU^B06'],
}
