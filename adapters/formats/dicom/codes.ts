import type { Text } from '../../../gateway/model/text.ts'

/** What the defined terms of everyday attributes mean (PS3.3); null for others. */
export function codeMeaning(keyword: string, value: string): Text | null {
  const known = terms[keyword]?.[value]
  return known === undefined ? null : { zh: known[1], en: known[0] }
}

type Terms = Readonly<Record<string, readonly [en: string, zh: string]>>

const modalities: Terms = {
  CR: ['Computed Radiography', '计算机 X 线摄影'],
  CT: ['Computed Tomography', 'CT'],
  DX: ['Digital Radiography', '数字 X 线摄影'],
  DR: ['Digital Radiography (no defined term)', '数字 X 线摄影(非标准代码)'],
  ECG: ['Electrocardiography', '心电图'],
  EPS: ['Cardiac Electrophysiology', '心脏电生理'],
  ES: ['Endoscopy', '内镜'],
  HD: ['Hemodynamic Waveform', '血流动力学波形'],
  IO: ['Intra-Oral Radiography', '口内 X 线'],
  IVUS: ['Intravascular Ultrasound', '血管内超声'],
  KO: ['Key Object Selection', '关键图像'],
  MG: ['Mammography', '乳腺 X 线'],
  MR: ['Magnetic Resonance', '磁共振'],
  NM: ['Nuclear Medicine', '核医学'],
  OCT: ['Optical Coherence Tomography', '光学相干断层'],
  OP: ['Ophthalmic Photography', '眼底照相'],
  OPT: ['Ophthalmic Tomography', '眼科断层'],
  OT: ['Other', '其他'],
  PR: ['Presentation State', '显示状态'],
  PT: ['Positron Emission Tomography', 'PET'],
  PX: ['Panoramic X-Ray', '全景 X 线'],
  RF: ['Radio Fluoroscopy', '透视'],
  RTDOSE: ['Radiotherapy Dose', '放疗剂量'],
  RTIMAGE: ['Radiotherapy Image', '放疗图像'],
  RTPLAN: ['Radiotherapy Plan', '放疗计划'],
  RTSTRUCT: ['Radiotherapy Structure Set', '放疗结构集'],
  SC: ['Secondary Capture', '二次采集'],
  SEG: ['Segmentation', '分割'],
  SM: ['Slide Microscopy', '病理切片'],
  SR: ['SR Document', '结构化报告'],
  US: ['Ultrasound', '超声'],
  XA: ['X-Ray Angiography', '血管造影'],
  XC: ['External-camera Photography', '体外照相'],
}

const terms: Readonly<Record<string, Terms>> = {
  Modality: modalities,
  ModalitiesInStudy: modalities,
  PatientSex: { M: ['Male', '男'], F: ['Female', '女'], O: ['Other', '其他'] },
  PerformedProcedureStepStatus: {
    'IN PROGRESS': ['In progress', '进行中'],
    COMPLETED: ['Completed', '已完成'],
    DISCONTINUED: ['Discontinued', '已中止'],
  },
  ScheduledProcedureStepStatus: {
    SCHEDULED: ['Scheduled', '已预约'],
    ARRIVED: ['Arrived', '已到检'],
    READY: ['Ready', '准备就绪'],
    STARTED: ['Started', '已开始'],
    DEPARTED: ['Departed', '已离开'],
  },
  RequestedProcedurePriority: {
    STAT: ['Immediate', '立即'],
    HIGH: ['High', '高'],
    ROUTINE: ['Routine', '常规'],
    MEDIUM: ['Medium', '中'],
    LOW: ['Low', '低'],
  },
  QueryRetrieveLevel: {
    PATIENT: ['Patient level', '患者级'],
    STUDY: ['Study level', '检查级'],
    SERIES: ['Series level', '序列级'],
    IMAGE: ['Composite instance level', '实例级'],
  },
  SpecificCharacterSet: {
    'ISO_IR 192': ['Unicode in UTF-8', 'Unicode (UTF-8)'],
    GB18030: ['GB 18030', 'GB 18030 中文'],
    GBK: ['GBK', 'GBK 中文'],
    'ISO_IR 100': ['Latin alphabet No. 1', '拉丁字母 1'],
    '\\ISO 2022 IR 58': ['GB 2312 with code extensions', 'GB 2312(代码扩展)'],
    'ISO 2022 IR 6\\ISO 2022 IR 58': ['GB 2312 with code extensions', 'GB 2312(代码扩展)'],
  },
  LossyImageCompression: { '00': ['Not lossy', '无有损压缩'], '01': ['Has been lossy compressed', '曾经有损压缩'] },
  BurnedInAnnotation: {
    YES: ['Identifies the patient in its pixels', '像素中有身份信息'],
    NO: ['No identity in its pixels', '像素中无身份信息'],
  },
  Laterality: { L: ['Left', '左'], R: ['Right', '右'] },
  ImageLaterality: { L: ['Left', '左'], R: ['Right', '右'], B: ['Both', '双侧'], U: ['Unpaired', '不成对'] },
  CompletionFlag: { PARTIAL: ['Partial', '部分完成'], COMPLETE: ['Complete', '已完成'] },
  VerificationFlag: { UNVERIFIED: ['Not attested', '未审核'], VERIFIED: ['Attested', '已审核'] },
}
