/**
 * Chinese names of resources and elements, written for this project after the usage of Chinese hospitals: the resources that the catalogue's interfaces use,
 * with their data types. Pairs of a name and its Chinese, blanks between. Exempt from the file length: it is a table.
 */
export const resourcesZh: ReadonlyMap<string, string> = pairs(`
  AllergyIntolerance 过敏与不耐受 Appointment 预约 AuditEvent 审计事件 Basic 基本资源 Binary 二进制内容 Bundle 资源集 CapabilityStatement 能力声明 CarePlan 照护计划
  CareTeam 照护团队 Claim 理赔申请 ClinicalImpression 临床印象 Communication 沟通 Composition 文书 Condition 病情与诊断 Consent 知情同意 Coverage 保险
  Device 设备 DiagnosticReport 诊断报告 DocumentReference 文档引用 Encounter 就诊 EpisodeOfCare 照护周期 Flag 警示 Goal 目标 Group 群组 ImagingStudy 影像检查
  Immunization 免疫接种 List 清单 Location 位置 Media 媒体 Medication 药品 MedicationAdministration 用药执行 MedicationDispense 发药 MedicationRequest 用药医嘱
  MedicationStatement 用药陈述 MessageHeader 消息头 NutritionOrder 膳食医嘱 Observation 观察 OperationOutcome 操作结果 Organization 机构 Parameters 参数 Patient 患者
  Person 人员 Practitioner 医护人员 PractitionerRole 医护岗位 Procedure 操作 Provenance 来源 Questionnaire 问卷 QuestionnaireResponse 问卷答复 RelatedPerson 相关人员
  RiskAssessment 风险评估 Schedule 排班 ServiceRequest 服务申请 Slot 号源 Specimen 标本 Subscription 订阅 Substance 物质 Task 任务
`)

/** By element name; a choice by its stem (`value` of `valueQuantity`). */
export const elementsZh: ReadonlyMap<string, string> = pairs(`
  abatement 缓解 account 账户 action 措施 active 有效 actor 参与者 additionalInstruction 附加说明 address 地址 admitSource 入院来源 age 年龄 alias 别名 allDay 全天 allowed 允许
  altitude 海拔 amount 数量 appliesTo 适用对象 appointment 预约 asNeeded 必要时 asserter 陈述者 assessment 评估 assigner 签发机构 attachment 附件 authenticator 认证者
  author 作者 authoredOn 开立时间 availabilityExceptions 例外时段 basedOn 依据 batch 批次 birthDate 出生日期 bodySite 部位 bounds 界限 category 类别 city 市 class 就诊类型
  classHistory 就诊类型历史 clinicalStatus 临床状态 closingTime 关闭时间 code 代码 coding 编码 comment 备注 communication 沟通语言 comparator 比较符 complication 并发症
  complicationDetail 并发症详情 component 组成项 conclusion 结论 conclusionCode 结论代码 condition 病情 contact 联系人 contained 内含资源 content 内容 contentType 内容类型
  context 上下文 count 次数 countMax 最多次数 country 国家 courseOfTherapyType 疗程类型 creation 创建时间 criticality 严重性 custodian 保管者 data 数据 dataAbsentReason 缺值原因
  date 日期 dayOfWeek 星期 daysOfWeek 星期 deceased 死亡 denominator 分母 derivedFrom 派生自 description 描述 destination 去向 detail 详情 details 详情 detectedIssue 检出问题
  device 设备 diagnosis 诊断 diagnostics 诊断信息 dietPreference 饮食偏好 dimensions 维数 dischargeDisposition 出院去向 dispenseInterval 发药间隔 dispenseRequest 发药要求
  display 显示名 district 区县 div 正文 doNotPerform 禁止执行 docStatus 文档状态 dosage 剂量用法 dosageInstruction 用法用量 dose 剂量 doseAndRate 剂量与速率 duration 时长
  durationMax 最长时长 durationUnit 时长单位 effective 发生时间 encounter 就诊 end 结束 endpoint 端点 entry 条目 episodeOfCare 照护周期 etag 实体标签 event 事件
  eventHistory 事件历史 evidence 依据 expectedSupplyDuration 供应时长 expirationDate 失效日期 exposureRoute 暴露途径 expression 表达式 extension 扩展 facilityType 机构类型
  factor 系数 family 姓 focalDevice 核心设备 focus 焦点 followUp 随访 form 剂型 format 格式 frequency 频次 frequencyMax 最高频次 fullUrl 完整地址 function 职能 gender 性别
  generalPractitioner 责任医生 given 名 groupIdentifier 组号 hasMember 成员 hash 摘要值 high 上限 hospitalization 住院 hoursOfOperation 开放时间 id 逻辑标识 identifier 标识
  ifMatch 匹配条件 ifModifiedSince 修改时间条件 ifNoneExist 不存在条件 ifNoneMatch 不匹配条件 imagingStudy 影像检查 implicitRules 隐含规则 individual 个人 ingredient 成分
  initialFill 首次发药 instance 实例 instantiates 实例化 instantiatesCanonical 实例化规范 instantiatesUri 实例化地址 insurance 保险 intent 意图 interpretation 解释
  interpreter 判读者 isActive 有效 issue 问题 issued 发布时间 issuer 签发者 item 项目 language 语言 lastModified 最后修改 lastOccurrence 最近发生 lastUpdated 最后更新
  laterality 侧别 latitude 纬度 length 时长 line 详细地址 link 链接 location 位置 locationCode 位置代码 locationReference 位置引用 longitude 经度 lotNumber 批号 low 下限
  lowerLimit 下限 managingOrganization 管理机构 manifestation 表现 manipulated 处理 manufacturer 生产商 maritalStatus 婚姻状况 masterIdentifier 主标识
  maxDosePerAdministration 单次最大剂量 maxDosePerLifetime 终生最大剂量 maxDosePerPeriod 周期最大剂量 media 媒体 medication 药品 meta 元数据 method 方法 modality 检查设备类型
  mode 模式 modifierExtension 修饰扩展 multipleBirth 多胞胎 name 姓名 note 备注 number 号码 numberOfInstances 实例数 numberOfRepeatsAllowed 允许重复次数 numberOfSeries 序列数
  numerator 分子 occurrence 发生时间 offset 偏移 onBehalfOf 代表 onset 起病 openingTime 开放时间 operationalStatus 运行状态 orderDetail 医嘱明细 organization 机构 origin 来源
  other 其他 outcome 结果 partOf 属于 participant 参与者 patient 患者 patientInstruction 患者须知 performed 执行时间 performer 执行者 performerType 执行者类型 period 时段
  periodMax 最长周期 periodUnit 周期单位 photo 照片 physicalType 物理类型 position 坐标 postalCode 邮编 practiceSetting 科室 preAdmissionIdentifier 预入院号 preferred 首选
  prefix 前缀 presentedForm 报告文件 priorPrescription 原处方 priority 优先级 procedureCode 检查代码 procedureReference 检查引用 profile 规范 purpose 目的 qualification 资质
  quantity 数量 rank 序位 rate 速率 reAdmission 再入院 reaction 反应 reason 原因 reasonCode 原因代码 reasonReference 原因引用 recordedDate 记录时间 recorder 记录者
  reference 引用 referenceRange 参考范围 referrer 转诊者 related 相关 relatesTo 关联 relation 关系 relationship 关系 relevantHistory 相关历史 repeat 重复规则 replaces 替代
  report 报告 reported 转述 request 请求 requester 开立者 requisition 申请单号 resource 资源 response 响应 result 结果 resultsInterpreter 结果判读者 route 途径 score 得分
  search 检索 security 安全标签 securityLabel 安全标签 sequence 序号 series 序列 serviceProvider 服务机构 serviceType 服务类型 severity 严重程度 signature 签名 site 部位 size 大小
  sopClass SOP类 source 来源 sourcePatientInfo 患者快照 specialArrangement 特殊安排 specialCourtesy 特殊礼遇 specimen 标本 stage 分期 start 开始 started 开始时间 state 省
  status 状态 statusHistory 状态历史 statusReason 状态原因 strength 规格 subject 对象 substance 物质 substitution 替换 suffix 后缀 summary 摘要 supportingInfo 支持信息
  supportingInformation 支持信息 system 体系 tag 标记 target 目标 telecom 联系方式 text 文本 time 时间 timeOfDay 时刻 timestamp 时间戳 timing 时间安排 title 标题 total 总数
  type 类型 uid 唯一标识 unit 单位 upperLimit 上限 url 地址 use 用途 usedCode 使用物品代码 usedReference 使用物品引用 userSelected 人工选择 validityPeriod 有效期 value 值
  verificationStatus 核实状态 version 版本 versionId 版本号 when 时点
`)

/** What FHIR's commonest codes say, by element and code. */
export const meaningsZh: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    gender: pairs('male 男 female 女 other 其他 unknown 未知'),
    status: pairs(`
    registered 已登记 preliminary 初步 final 最终 amended 已修订 corrected 已更正 cancelled 已取消 entered-in-error 录入错误 unknown 未知 planned 计划中 arrived 已到达 triaged 已分诊
    in-progress 进行中 onleave 请假 finished 已结束 active 有效 on-hold 暂停 completed 已完成 stopped 已停止 draft 草稿 not-done 未执行 available 可用 partial 部分 appended 已补充
    current 当前 superseded 已被取代 generated 自动生成 additional 附加 booked 已预约 pending 待定 fulfilled 已完成 noshow 未到`),
    intent: pairs(
      'proposal 建议 plan 计划 order 医嘱 original-order 原始医嘱 reflex-order 反射医嘱 filler-order 执行方医嘱 instance-order 实例医嘱 option 备选',
    ),
    priority: pairs('routine 常规 urgent 加急 asap 尽快 stat 立即'),
    severity: pairs('fatal 致命 error 错误 warning 警告 information 提示 mild 轻 moderate 中 severe 重'),
    use: pairs(
      'usual 常用 official 正式 temp 临时 nickname 昵称 anonymous 匿名 old 曾用 maiden 婚前 secondary 次要 home 家庭 work 工作 mobile 手机 billing 账单',
    ),
    method: pairs('GET 读取 POST 创建 PUT 更新 PATCH 部分更新 DELETE 删除 HEAD 查头'),
    type: pairs(
      'transaction 事务 batch 批处理 searchset 检索结果 collection 集合 document 文书 message 消息 history 历史 transaction-response 事务应答 batch-response 批处理应答',
    ),
  }),
)

function pairs(text: string): ReadonlyMap<string, string> {
  const words = text.trim().split(/\s+/)
  return new Map(
    words.flatMap((word, i): readonly (readonly [string, string])[] => (i % 2 === 0 ? [[word, words[i + 1] ?? '']] : [])),
  )
}
