/** What a database or an application server says of itself in words that are its own, whoever's message it refuses. */
export type WordedCause = 'pool' | 'lock' | 'trigger'
/**
 * What a receiver says of a message or its sender in the words that everybody uses: its clock, its credential, how often it comes, its size, a code, its
 * version, its character set, what it lacks, how it is written, that nobody ordered it; or of its own work, that it takes too long, has no room, or that what stands behind it has no
 * sound certificate, no address, or isn't there.
 */
export type WordedRefusal =
  | 'clock'
  | 'auth'
  | 'rate'
  | 'large'
  | 'code'
  | 'slow'
  | 'version'
  | 'charset'
  | 'missing'
  | 'shape'
  | 'disk'
  | 'certificate'
  | 'name'
  | 'down'
  | 'order'
export type Worded = WordedCause | WordedRefusal

/**
 * First what databases and pools say of themselves (Oracle, MySQL, SQL Server, PostgreSQL, DB2, Caché, 达梦, 金仓; HikariCP, Druid, DBCP, c3p0, Tomcat, WebLogic, ADO.NET), then what receivers say in the words of HTTP, OAuth (RFC 6750),
 * FHIR's issue types, SOAP stacks, validators and parsers (HAPI, Jackson, .NET, Xerces), the insurance platform and Chinese vendors. Numbers alone tell nothing: a patient may have them. What may be a patient's or a doctor's own is left
 * out: an electronic voucher that ran out, a doctor who has no right to a drug.
 */
export const vocabulary: readonly (readonly [Worded, RegExp])[] = [
  [
    'pool',
    anyOf(
      /hikaripool|ora-(?:00018|00020|02391|12516|12518|12519|12520|24418|24459)\b|max_user_connections|max_client_conn|queuepool limit/,
      /getconnectiontimeout|connection(?:acquire|wait)timeout|pool(?:exhausted|limit)|(?:connection|thread) ?pool is (?:full|exhausted)|rejectedexecution/,
      /too many (?:\w+ )?(?:connections|clients|sessions)|connection slots|no more connections|maximum number of (?:\w+ )?(?:connections|sessions|threads|processes)\b/,
      /\bpool (?:is |was |has been )?(?:\w+ )?(?:exhausted|empty|full|depleted|saturated)\b|\bpool (?:error|size) (?:was )?(?:timeout|reached)|max pool size|(?:connection|thread)s? pool exhausted/,
      /(?:connection|object|resource|thread|session)s?\b.{0,40}\b(?:from|in) (?:the |a )?(?:\w+ ){0,2}pool\b|waiting for (?:an? )?(?:(?:idle|free|available) )?(?:connection|object|thread|session)\b/,
      /(?:obtain|acquir|get|fetch|check ?out|borrow)\w* (?:an? |the )?(?:\w+ )?connection\b.{0,60}(?:time[ds]?[ -]?out|pool|none available)|(?:pooled )?connection request timed out/,
      /all (?:\w+ )?(?:connections|threads|workers)\b.{0,40}\b(?:in use|busy)|no (?:free|available|idle) (?:\w+ )?(?:connections?|threads?|sessions?)\b|(?:connections?|sessions?|threads?) limit (?:exceeded|reached)/,
      /连接池|线程池|(?:连接|会话|线程|进程)(?:总)?数\S{0,8}(?:已满|超|达到|已达|最大|上限|用尽|耗尽|过多|不足)|(?:超过|超出|超|达到)\S{0,8}(?:连接|会话|线程|进程)数|太多的?(?:连接|客户端?|会话)|连接槽|(?:连接|会话|线程)过多/,
      /(?:没有|无|暂无|未有)(?:可用|空闲)\S{0,6}(?:连接|线程|会话)|(?:获取|取得|申请|等待)\S{0,8}(?:连接|线程)\S{0,4}(?:超时|排队)|连接(?:资源)?已?(?:耗尽|用尽|用完|占满)/,
      /(?:get|obtain) (?:a )?(?:jdbc|managed) connection|no managed connections|ij000(?:453|655)|j2ca0045e|thread ?pool (?:queue )?(?:is full|has no)|max(?:imum)? (?:sessions|connections|threads) reached/,
      /(?:线程|连接|会话)(?:资源)?已?(?:满|耗尽|用尽|不足|不够)|(?:获取不到|无法获取|取不到)\S{0,8}(?:连接|线程)/,
    ),
  ],
  [
    'lock',
    anyOf(
      /ora-(?:00054|00060|00104|02049|04020|04021|30006)\b|\b(?:40p01|55p03)\b|\bsql(?:state)?\W{0,3}40001\b|sql091[13]n|sqlcode\W{0,4}-(?:91[13]|110|114)\b|\[-64(?:03|07)\]/,
      /deadlock|\block(?:ing)?\W(?:wait |request |acquisition )?time ?out|lock(?:wait|acquisition)?timeout|could not obtain lock|could not serialize access|pessimisticlock|lockacquisition|locking conflict/,
      /(?:acquire|obtain|get) (?:an? |the )?(?:\w+ )?lock\b|waiting (?:for|to) (?:an? |the )?(?:\w+ )?lock\b|(?:table|database) is locked/,
      /死锁|锁等待|锁超时|等锁|锁表|锁冲突|锁请求|锁定超时|(?:获取|申请|加)\S{0,4}锁\S{0,2}(?:超时|失败)|表[\S ]{0,24}被锁|资源正忙.{0,12}nowait/,
      /(?<!执)行锁|(?:事务|会话)被?阻塞|阻塞会话|等待\S{0,2}锁|被(?:其他|其它|另一)\S{0,2}(?:会话|事务|进程)\S{0,2}(?:锁定|占用)/,
    ),
  ],
  [
    'trigger',
    anyOf(
      /ora-0(?:4088|4098|4091|4092|4061|4063|4065|4068)\b|stored (?:procedure|function)|pl\/(?:pg)?sql function|触发器|存储过程/,
      /(?:execution of|executing|during|in|by|from|raised|fired) (?:an? |the )?(?:\w+ )?trigger\b(?! event)|trigger (?:function|execution|failed)/,
      // A name in quotes that is no event of HL7 (`A08`), or one as databases' triggers have it; and how deep they may call each other.
      /\btriggers? [`'"[‘“](?![a-z]\d\d\b)[\w$.]+|\btrg_\w+|recursive sql levels|\bsql072[34]n\b|sql cascading|nesting level|recursive limit \S+ \(as set|嵌套层数/,
      /triggered action|\btrigger max|ora-0(?:6508|6512|6550)\b|\bpls-\d{5}\b|procedure [\w$]+\.[\w$]+ does not exist|execut\w* procedure\b|执行过程(?!中)|过程或函数/,
    ),
  ],
  [
    'clock',
    anyOf(
      /used before issued|not (?:yet valid|valid yet|active yet)|\b(?:iat|nbf)\b|clock skew|too ?skewed/,
      /time ?stamp (?:is )?(?:expired|invalid|too old|out of range|in the future)|stale time ?stamp/,
      /\bmessage ?expired|(?:message|request|security header) (?:has )?expired|(?:created|issued|not ?before) (?:\w+ ){0,3}in the future/,
      /(?:请求|报文|调用)(?:时间|日期)\S{0,10}(?:超出|不在|早于|晚于|相差|偏差|误差|不一致|不符)|(?:请求|报文)已(?:过期|失效)|(?:时间|时钟)(?:偏差|误差|偏移)(?:过大|超)/,
      /时间戳\S{0,6}(?:过期|超时|无效|错误|偏差|不合法|失效|超出)|(?:系统|服务器|客户端|本机|本地|终端|平台)(?:时间|时钟)\S{0,12}(?:偏差|不一致|不同步|相差|误差|不符|不准)/,
      /\b(?:inf_?time|(?:req(?:uest)?|send|sign|msg)_?time|time_?stamp)\b[\S ]{0,24}(?:超出|超过|过期|无效|不在|偏差|误差|相差|不合法|错误|不符)|(?:请求|报文|调用|发送)时间\S{0,24}(?:超出|不在|相差|偏差|误差|不一致|不符)/,
      /(?:允许|规定|有效)的?时间(?:偏差|误差|差值)|(?:时间|时钟)(?:偏差|误差|相差|差值?)\S{0,6}(?:大于|超过|超出|过大)|(?:校准|校对|同步)\S{0,8}(?:时间|时钟)|(?:时间|时钟)\S{0,4}(?:未校准|未同步|不准)/,
      /time ?stamp\b.{0,30}(?:expired|too (?:old|far|early|late)|outside|not within|in the future|skew|stale)|(?:invalid|expired|stale) time ?stamp|clocks? (?:is |are |of \w+ )?(?:not synchroni[sz]ed|out of sync|drift|wrong|differ)/,
      /(?:request|message|creation|signing|client|sender'?s?) (?:date|time|clock)\b.{0,40}(?:outside|too (?:old|far|early|late)|skew|differ|in the future|ahead of|behind)|time difference\b.{0,30}(?:large|exceed|great)/,
      /(?:报文|消息|请求|发送|创建|检查|检验|采样|采集|报告|执行|登记|测量|记录)\S{0,4}时间\S{0,6}(?:晚于|大于|超前于?|不能超过|不得超过|超过)\S{0,4}(?:当前|系统|服务器|现在|接收)|(?<!出生|预约)(?:日期|时间)\S{0,6}未来(?:时间|日期)/,
      /\b(?:msh-7|(?:message|event|observation|result|collection|sample|sending) (?:date|time)\S*|time ?stamp)\b.{0,24}(?:in the future|later than (?:now|current|the current|server))|assertion is not yet/,
    ),
  ],
  [
    'certificate',
    anyOf(
      /\bcertificate\b.{0,40}(?:expired|not (?:yet )?valid|invalid|untrusted|not trusted|verif\w+ failed|validation failed|unknown|revoked|mismatch|rejected)|(?:expired|invalid|untrusted|self[- ]signed) (?:\w+ ){0,2}certificate/,
      /pkix path|valid certification path|certpathvalidator|(?:ssl|tls)\w* ?handshake|handshake[_ ](?:failure|failed)|ssl(?:peerunverified)?exception|(?:required|no) ssl certificate|ssl routines|http request (?:was sent )?to (?:an )?https|cert_has_expired|unable_to_verify_leaf/,
      /(?:ssl|tls|https|服务器|服务端|网关|通信|站点|根)\S{0,4}证书\S{0,8}(?:过期|失效|无效|不受信任|不可信|吊销|不匹配|到期|(?:校验|验证)(?:失败|不通过))|证书链\S{0,4}(?:不完整|校验|验证|无效)|(?:ssl|tls|国密)\S{0,4}握手\S{0,4}(?:失败|错误|异常)/,
      /ssl certificate\b.{0,8}(?:error|verify|problem)|ssl connection could not|bad[_ ]certificate|local issuer certificate|certificate\b.{0,60}does not match|\bcert_(?:untrusted|revoked|not_yet_valid|signature)|\btls\w* alert|certificate_(?:expired|revoked|unknown|required)/,
      /^(?:客户端|通讯|国密|双向|对端)?证书\S{0,4}(?:过期|失效|到期|无效|吊销|(?:校验|验证)(?:失败|未?不?通过))|(?:客户端|国密|对端)证书\S{0,4}(?:过期|失效|到期|无效|吊销)/,
    ),
  ],
  [
    'auth',
    anyOf(
      /^(?:forbidden|expired|security|unauthorized)$|authentication is required|(?<!prior |pre-)authori[sz]ation (?:has been |was |is |header )?(?:denied|failed|required|missing|invalid)|permission denied|insufficient (?:privileges?|permissions?|rights)|ora-01031\b/,
      /(?:无权|未获授权)\S{0,2}(?:访问|调用)|访问(?:被拒绝|受限)|(?<!医师|医生|药师|护士|处方)权限不足|非法(?:的)?(?:访问|接入|请求来源|调用方|客户端)|(?<!患者|病人|参保人|本人|家属)授权(?:许可|文件|信息|证书)?已?(?:过期|到期|失效|收回|撤销|取消)|license\b.{0,24}(?:expired|invalid)/,
      /failed ?authentication|(?:not|n't) be authenticated|invalid ?security(?: ?token)?\b|security ?token ?unavailable|invalid[_ ](?:grant|client)\b|log ?in (?:incorrect|failed|required|first)|not logged (?:in|on)/,
      /(?:user|login|service) ?account (?:is |has been |was )?(?:locked|disabled|expired|suspended|revoked)|(?:账号|帐号|接口用户|系统用户|应用账户)\S{0,4}(?:锁定|停用|禁用|冻结|过期|失效|到期|未启用|未开通|不存在)/,
      /\bunauthori[sz]ed|not authori[sz]ed|authenticat\w* (?:failed|failure|required|error)|insufficient ?scope|access denied|ora-(?:01017|28000|28001)\b/,
      /(?:token|session|jwt|credentials?|(?:api|app|access) ?key|app ?secret|password|login)\b.{0,24}(?:expired|invalid|revoked|disabled|required|missing|mismatch|failed|wrong|incorrect|denied)/,
      /(?<!well-formed \()(?:expired|invalid|revoked|missing|bad|wrong|unknown) (?:\w+ )?(?:token|session|jwt|credentials?|(?:api|app|access) ?key|password)|signature (?:is )?(?:invalid|mismatch|verification failed|does not match)|invalid signature/,
      /重新签到|(?:签到流水号|sign_?no)\S{0,12}(?:失效|过期|无效|不存在|错误)|签到已?(?:失效|过期)|(?:操作员|机构|终端|设备)\S{0,8}未签到/,
      /(?:请|需|须)(?:先|重新|再次)*(?:登录|登陆|获取令牌|获取token|鉴权)|未(?:登录|登陆|鉴权)|(?:应用|系统|厂商|调用方|接入方|客户端|接口)\S{0,6}(?:未授权|未认证)|^(?:未授权|未认证)/,
      /(?:登录|登陆|会话|令牌|密钥|秘钥|密码|口令|凭据|授权码|接入码|接口授权|token|session|(?:app|access|api) ?(?:key|secret|id))[\S ]{0,8}(?:超时|过期|失效|停用|无效|禁用|吊销|到期|注销|错误|不正确)/,
      /(?:鉴权|验签|身份验证|身份校验|权限校验|接口认证|(?<!电子|医师|医生)签名)\S{0,6}(?:失败|错误|无效|不通过|未通过|不正确)|(?:无|没有|未开通)\S{0,4}(?:访问|接口|调用)\S{0,4}权限|接口\S{0,4}无权限|不在白名单|未在白名单/,
      /access (?:is |was )?denied|no permission\b|(?:missing|requires?|lacks?|without) (?:the )?(?:required )?(?:scope|role|privilege|authentication)\b|required authentication|scope \S{1,40} (?:is )?(?:required|missing|not granted)|(?:sign|signed) in (?:again|first)|session\b.{0,12}timed out|not consented/,
      /\b(?:user|client|caller|account|role|application|consumer|principal)\b.{0,24}(?:(?:not|n't) (?:permit|allow|entitle|subscribe)\w*|(?:has|have) no (?:rights?|permission|privilege|access)|locked out)|user identity\b.{0,12}(?:reject|fail|refus)|wsse:security|security processing failed/,
      /未(?:携带|提供|传入?|附带)\S{0,6}(?:令牌|token|凭证|凭据|签名)|(?:^|您|用户|账[号户]|帐号|角色|应用|机构|调用方|客户端)(?:没有|无)(?!\S{0,4}[方药])\S{0,4}权限|(?:角色|应用|账[号户]|调用方|客户端|接口用户)(?:无权|没有权限)|(?:应用|客户端|调用方)未(?:订阅|开通)|未经授权|非授权/,
      /\b(?:app ?id|app ?key|ak\/sk|client ?id) ?(?:不存在|不合法|(?:校验|验证)(?:失败|不通过))|(?:来源|客户端|请求方?|调用方) ?ip\S{0,4}(?:未授权|未登记|未备案|不允许|禁止|受限)|(?:sm[23]|接口|报文|请求)签名\S{0,4}(?:不一致|不匹配)/,
      /^(?:接口|平台|服务|系统|网关|客户端|身份)?(?:授权|认证)(?:失败|错误|不通过|未通过)|^(?!.*(?:患者|病人|[候就分]诊)).*(?:未|请先)(?:进行)?签到(?!取号)|签到(?:编号|信息|状态)\S{0,4}(?:无效|失效|过期)/,
    ),
  ],
  [
    'disk',
    anyOf(
      /^no store$|no space left|\bdisk (?:is )?(?:full|quota)|(?:disk|storage|volume|file ?system) (?:is |space )?(?:full|exhausted|insufficient)|(?:insufficient|out of|not enough|low on) (?:disk|storage)(?: space)?|could not extend file|unable to extend/,
      /ora-(?:01652|01653|01654|01688|01691|30036|00257|19809|19815)\b|(?:磁盘|硬盘|存储|归档|卷|表空间|存储卷)(?:空间|容量|区|日志)?\S{0,4}(?:已?满|不足|耗尽|用尽|用完|无法扩展)/,
      /not enough space|(?:datastore|data store|archive|cache) (?:volume |partition |pool )?(?:is )?full|quota of (?:datastore|volume|archive)|storage ?full/,
    ),
  ],
  [
    'rate',
    anyOf(
      /(?:调用|请求|访问)\S{0,4}(?:次数|数量|量)\S{0,6}(?:超|达|用完|用尽|上限)|(?<!药品)配额\S{0,4}(?:用完|用尽|耗尽|不足|超)|流控|限速|(?:daily|hourly|monthly|request|call|concurrency|api) (?:limit|quota) (?:was |has been |is )?(?:exceeded|reached)/,
      /too many (?:\w+ )?(?:requests|calls)|rate ?limit|(?:quota|(?:request|call|frequency) limit) (?:exceeded|reached)|exceed\w* (?:the )?(?:\w+ )?quota|throttl|flow ?(?:control|limit|exception)\b/,
      /(?:请求|访问|调用|操作)(?:过于|太|过)?频繁|限流|流控|限频|流量控制|(?:超过|超出|超|达到)\S{0,12}(?:并发|(?:调用|访问|请求)(?:频率|频次|次数|量)|(?<!氧)流量|qps|tps)/,
      /(?:超过|超出|达到)\S{0,4}(?<![药嘱])频[率次]|(?:并发|(?:接口|调用|访问|请求)(?:频率|频次|次数|量|配额)|qps|tps)\S{0,6}(?:超限|超过|超出|超标|上限|用完|用尽|已满)/,
      /(?:访问|请求|调用)(?:速度)?[过太]快|(?:调用|访问|请求)(?:频度|上限|超限)|并发\S{0,4}过多|^rate exceeded|rate of requests exceed|(?:calls?|requests?) limit|requests per (?:second|minute|hour|day)/,
      /call volume|out of (?:\w+ ){0,3}quota|quota (?:is |was |has been )?(?:violat|exhaust|used up|reached)|spike ?arrest|\bslow ?down\b|reduce (?:your|the) \w* ?rate|request rate|(?:bandwidth|throughput) limit|too many concurrent|concurren\w+ (?:limit|requests? exceed)|exceed\w* (?:the )?(?:\w+ )?[tqr]ps\b|(?:message|call) (?:frequency|rate)\b.{0,8}(?:exceed|too)/,
      /(?:访问|调用|请求)频[率次度]\S{0,4}(?:高|快|超)|(?:请求|调用|访问)数\S{0,6}(?:超|达|过多|上限)|(?:每|单)(?:秒|分钟|小时|位时间)\S{0,12}(?:请求|调用|访问)\S{0,8} ?(?:超|达|过多|\d)|(?:超|达)\S{0,6}每(?:秒|分钟|小时)\S{0,6}(?:请求|调用|访问|次)|(?:调用|接口|流量|请求)额度\S{0,4}(?:用完|用尽|不足|耗尽|超)/,
    ),
  ],
  [
    'large',
    anyOf(
      /(?:entity|payload|content|message|request|record|body|file|packet|attachment|header) ?(?:is )?too ?(?:large|long|big)|max(?:imum)?[. ]?(?:received)?[. ]?(?:message|request)[. ]?(?:size|bytes)|^too (?:large|long)$|max_allowed_packet|(?:size|length) limit exceeded|(?:upload|request|message|payload|packet|file|body) size exceeded|max ?upload ?size|entity\.too\.large|size \S{0,14} ?exceeds|object too large/,
      /(?:message|request|payload|body|packet|file|entity|attachment|content|upload) (?:size|length)\b.{0,24}(?:exceed|limit|maximum|larger|greater)|exceed\w*.{0,24}(?:message|request|payload|body|packet|upload|file|content) (?:size|length)/,
      /(?:报文|消息体|消息长度|消息大小|请求体|请求长度|请求大小|数据包|数据长度|入参|内容长度|包体|附件|文件|图片|影像)\S{0,8}(?:过大|过长|太大|超长|超大|超限|(?:超过|超出|大于)[\S ]{0,8}(?:上限|限制|限定|最大|\d))/,
      /(?:request|message|payload|body|record|packet|attachment|document|content|stream|pdu|frame)(?: \w+)? exceed\w* (?:(?:the|its|max|maximum|allowed|permitted|configured|message|size|length|byte|receive) ){0,4}(?:size|length|limit|bytes|buffer|\d)|exceed\w* (?:the )?max(?:imum)? (?:\w+ ){0,2}size|(?:message|record|payload) ?size ?too ?(?:large|big)|receive buffer|too many entries/,
      /(?:请求|报文|消息|上传|单包|单次)(?:的)?(?:数据|内容|体积)量?(?:过|太)(?:大|长)|(?:报文|消息|请求|内容)\S{0,2}(?:体积|字节数?)?\S{0,2}超[出过]\S{0,12}(?:最大|字节|缓冲|上限)|字节数?\S{0,4}超[出过限]|(?:pdf|base64|文书|obx-?5)\S{0,4} ?(?:过大|太大|超[出过] ?\d+ ?[mk])|缓冲区(?:溢出|不足|已满)/,
    ),
  ],
  [
    'name',
    anyOf(
      /enotfound|eai_again|getaddrinfo|unknown ?host ?exception|could not resolve (?:host|proxy|the)|name or service not known|no such host|nxdomain|name resolution|\bdns (?:lookup|resolution|error|failure|server)|host (?:name )?(?:could not be resolved|not found|unknown)/,
      /域名\S{0,6}(?:解析|不存在)|(?:无法|不能|未能)解析\S{0,8}(?:主机|域名|服务器)|主机名?\S{0,4}(?:解析失败|无法解析)/,
      /name could not be resolved|couldn'?t resolve|不知道这样的主机|host not found|no resolver defined|err_name_not_resolved/,
    ),
  ],
  [
    'down',
    anyOf(
      /econnrefused|connection refused|actively refused|no live upstreams|积极拒绝|连接被拒绝?|拒绝(?:了)?连接/,
      /no healthy upstream|no (?:servers?|instances?) available for|not have available server|no endpoint listening|(?:upstream|backend)\b.{0,90}connection failure|(?:下游|后端|上游|目标)\S{0,6}(?:未启动|不可达|不可用)|服务未启动/,
    ),
  ],
  [
    'version',
    anyOf(
      /\b(?:api|interface|protocol|schema|message|service|hl7|fhir|spec(?:ification)?|client|soap) version\b|unsupported version|version ?mismatch|version \S{0,12} ?(?:is )?(?:not supported|unsupported|no longer|deprecated|retired|obsolete)|must ?understand/,
      /soap ?action\b.{0,40}(?:match|not recogni[sz]ed|not supported|invalid|unknown|missing)|action ?not ?supported|contract ?filter ?mismatch|unexpected wrapper element|unmarshalling error|no such operation|no longer (?:supported|available|served|offered)/,
      /(?:has|have|was|is|been) (?:deprecated|retired|sunset|decommissioned)|upgrade required|(?:please|must) (?:upgrade|update|migrate)|no (?:handler|static resource|mapping|endpoint|route|method|operation) (?:\w+ )?for\b(?!.{0,12}\bcode)|cannot (?:get|post|put|delete|patch) \//,
      /(?:schema|spec(?:ification)?|contract|format|interface) v\d|\bv\d+(?:\.\d+)? (?:schema|spec\w*|contract|format|api|interface)|http method\b.{0,24}not (?:supported|allowed)|request method\b.{0,24}not (?:supported|allowed)/,
      /(?:接口|协议|报文|消息|客户端|程序|软件|规范|api|hl7|服务)\S{0,4}版本(?:号)?\S{0,16}(?:不支持|不兼容|不匹配|不一致|不符|过低|过旧|太低|过期|停用|下线|废弃|错误|无效|不存在)|(?:不支持|不兼容|不再支持|不识别|未知|无效)\S{0,8}版本|版本(?:号)?(?:不支持|不兼容|不匹配|不一致|不符|过低|过旧|太低)/,
      /(?:接口|服务|方法|地址|旧版|老版)\S{0,4}已\S{0,3}(?:停用|下线|废弃|作废|迁移|升级|变更|停止服务)|(?:请|需|须)\S{0,4}(?:升级|更新)\S{0,4}(?:到|至|客户端|接口|程序|版本)|(?:新版|旧版|老版|v\d[\d.]*) ?(?:接口|规范|协议|报文|标准)|(?:未知|不支持|不存在)的?(?:接口|方法|操作|服务)(?:名|编号)?$/,
      /no operation (?:found|matching)|operation \S{0,40} ?(?:is )?not (?:defined|found)|(?:endpoint|interface|api) (?:is |was |has been )?(?:retired|removed|moved|sunset)|no endpoint\b|(?:unknown|no such) (?:method|endpoint|interface)|method not found|profile version|not supported (?:in|by) (?:this|the) (?:\w+ )?(?:version|release|server)/,
      /api\S{0,2}已?(?:废弃|下线|停用)|(?:(?:交易|接口)(?:代码|编号|编码|类型)|功能号?|方法名?)\S{0,2}(?:不存在|不支持|未定义|未注册|已停用)|(?:不支持|未知|不存在)的?(?:交易|功能)(?:类型|代码|编号|号|码)?|(?:段|节点|元素|字段)\S{0,12}不在\S{0,6}(?:规范|标准|版本)/,
      /(?:unexpected|unknown|unrecogni[sz]ed|unsupported|undefined|undeclared) (?:segment|element|field|member|propert(?:y|ies)|attribute|node)\b|additional propert|not marked as ignorable|invalid content was found starting with|(?:不识别|无法识别|未知|多余|未定义|非预期)的?(?:段|节点|字段|元素|属性)/,
    ),
  ],
  [
    'charset',
    anyOf(
      /(?:invalid|malformed|illegal|bad) (?:utf|byte sequence|multibyte|surrogate|mb)|malformed ?(?:byte|input)|unmappable ?character|utf-?8'? codec|invalid start byte|incorrect string value|ora-(?:12703|12704|12713|29275)\b/,
      /(?:character ?set|charset|character encoding|text encoding)\b.{0,30}(?:mismatch|not supported|unsupported|invalid|wrong|unknown|error|expected)|(?:unsupported|invalid|unknown|wrong|unexpected) (?:character ?set|charset|(?:character |text )?encoding)/,
      /(?:字符集|字符编码|(?<![品目断室材术疾病])编码格式|编码方式)\S{0,10}(?:错误|不符|不一致|不支持|不正确|不匹配|无效|有误|无法识别)|不支持的?(?:字符集|字符编码|编码格式)|乱码|(?:非|不是)(?:有效的?)?(?:utf-?8|gbk|gb18030)/,
      /invalid byte \d|input for encoding|byte sequence for encoding|invalid xml character|not well-formed \(invalid token\)|(?:unsupported|unknown|wrong|specific) (?:media type )?(?:charset|character set)|characters? not (?:supported|in|mapped)/,
      /(?:无法|不能|未能)\S{0,2}(?:按|以|用)?\S{0,8}(?:解码|转码)|(?<!图[像片]|影像|条码|base64|视频|音频)(?:解码|转码|字符转换|编码转换)(?:失败|错误|异常)|(?:不可识别|无法识别|不能识别)的?(?:字符|汉字)/,
    ),
  ],
  [
    'code',
    anyOf(
      /未对照|无对照|对照关系|未(?:做|建立|维护)\S{0,4}(?:对照|映射)|不在\S{0,8}(?:字典|目录|码表|值域|编码集|对照表)|(?:字典|码表|值域|对照表|(?:医保|药品|项目|诊疗|诊断|疾病|手术|耗材|收费)目录)\S{0,6}(?:不存在|没有|未找到|未收录|查无|查不到|未匹配)/,
      /(?:编码|代码|药品|项目|诊断|科室|品种|耗材|术式)\S{0,16}(?:未找到|未维护|未登记|未收录|未定义|未注册)|(?:编码|代码)\S{0,16}(?:不存在|未匹配|无效|不识别|无法识别|非法)|(?:药品|项目|诊断|科室|品种|耗材)不存在|无法识别\S{0,10}(?:编码|代码)|(?:查无|没有|无)(?:此|该)\S{0,6}(?:编码|代码|药品|项目|目录)(?!\S{0,6}权限)/,
      /(?:药品|项目|诊断|科室|病区|品种|耗材|疾病|手术|检查|检验|收费)(?:编码|代码)\S{0,12}(?:错误|不正确|不合法|有误|停用|作废)|(?:编码|代码|目录)\S{0,8}已(?:停用|作废|撤销)|(?:映射|匹配|对应)\S{0,4}(?:不存在|未配置|未建立|缺失)|(?:映射|匹配)不到|(?:未找到|没有|无)\S{0,4}(?:映射|对照)/,
      /code invalid|invalid code|table value not found|(?:unknown|unmapped|unrecogni[sz]ed) (?:(?!event|error|status|response|result|message)\w+ )?code\b|\bcode\b.{0,40}(?:not found|unmapped|not recogni[sz]ed|not in|does not exist)/,
      /(?:drug|item|medication|catalog(?:ue)?|dept|department|dictionary|diagnosis|procedure) (?:code )?(?:not found|unknown|unmapped|does not exist)|unknown (?:drug|item|medication|department|diagnosis)|not (?:found )?in (?:the )?(?:\w+ )?(?:value ?set|code ?system|dictionary|code table|catalog)/,
      /(?:未|没有?|尚未)(?:做|进行|完成)?\S{0,4}对[码照]|不在\S{0,16}目录|(?:未找到|找不到|查不到|未匹配到|匹配不到|无法匹配)(?!\S{0,4}(?:患者|病人|就诊|申请))\S{0,8}(?:目录|编码|代码|科室|项目|病区|药品|诊断|字典|术语|标准码)|(?:编码|代码)\S{0,4}未(?:配置|同步|启用)|未知的?(?:(?!错误|异常|状态)\S){0,8}(?:编码|代码)/,
      /(?:字典|值集|码表|值域|术语)\S{0,4}(?:无此|没有|非法|无效|错误|(?:校验|验证)(?:失败|不通过|未通过))|不在\S{0,6}(?:值集|取值范围|值域)|编码(?:体系|系统|标准)\S{0,4}(?:不匹配|不符|错误|未知|不支持)|(?:标本|检查|检验|科室|病区|药品|项目|诊断|部位)(?:类型|编码|代码)?\S{0,2}未(?:定义|同步|维护|配置|启用)|未(?:维护|配置|收录|登记)(?:该|此)\S{0,2}(?:项目|药品|编码|代码|科室|诊断|耗材)/,
      /\bcode (?:is )?not (?:valid|known|defined|mapped|exist|supported|active)|\bnot mapped\b|unable to map\b|no mapping\b.{0,12}\bfor\b.{0,12}\bcode|mapping (?:not found|missing)|(?:service id|test|coding|concept|observation identifier|order item)\b.{0,16}(?:not recogni[sz]ed|unknown|undefined|not defined|not configured)/,
      /unknown (?:specimen|test|ward|analyte|procedure|body ?site|unit|concept|coding|charge item|order item)\b|terminology (?:validation|error|check)|against (?:the )?value ?set|dict(?:ionary)? (?:value|code|item) (?:invalid|not found|unknown|missing)|(?:diagnosis|icd(?:-10)?) (?:code )?(?:not in|invalid|not valid)/,
    ),
  ],
  [
    'shape',
    anyOf(
      /^(?:structure|value)$|httpmessagenotreadable|\b(?:data )?type (?:error|mismatch)|type ?mismatch|incorrect (?:data )?type|(?:wrong|invalid|unexpected) (?:data ?)?type\b|(?:must|should|has to) be (?:an? )?(?:valid )?(?:integer|number|numeric|decimal|string|boolean|array|object|date|datetime|list)\b|(?:integer|nm|number|numeric|date|string) expected/,
      /cannot deserialize|could not (?:be )?(?:convert|deserialize)|failed to convert|could not be converted to|expected \S+ (?:but|and) (?:was|found|got)|numberformatexception|datetimeparseexception|for input string|(?:not a valid|invalid) (?:date|number|integer|decimal|datetime|time) (?:value|format)?|invalid number/,
      /ora-(?:01722|01830|01840|01841|01843|01847|01858|01861|12899|01438)\b|cvc-(?:datatype|type|minlength|maxlength|length|pattern|enumeration|mininclusive|maxinclusive)|(?:string|field|value) (?:length|is longer)\b.{0,24}(?:exceed|than)|right truncation/,
      /(?:数据|字段|参数|值|节点|元素)类型\S{0,4}(?:错误|不符|不匹配|不正确|不一致|转换)|(?:日期|时间|数值|数字|数量|数据|字段|参数|节点|身份证|号码)\S{0,6}格式\S{0,2}(?:错误|不正确|不符|不合法|有误|无效|不对)|(?:应为|必须为|须为|必须是)(?:数字|整数|日期|数值|字符|数组|对象)|不是(?:有效|合法)的?(?:数字|日期|整数|数值)|(?:字段|参数|值|字符)\S{0,12}(?:超长|过长|长度(?:超|大于|不符|错误))/,
      /would be truncated|data too long for|value too long for|conversion failed|error converting|invalid input syntax|input string was not in|\bnot of (?:a )?types?\b|(?:invalid|unparseable|malformed|illegal) (?:date|time|datetime|numeric|decimal|time ?stamp)\b|(?:could not|cannot|can't|failed to|unable to) (?:be )?parsed?\b.{0,24}(?:date|time|number|integer|decimal|at index)/,
      /(?:does not|doesn't|not) match (?:the )?(?:regex|pattern|format)|max(?:imum)? allowed = \d|cardinality|multiple values|too many (?:repetitions|occurrences|repeats)|incorrect repetition|exceed\w* (?:the )?max(?:imum)? (?:field )?length|(?:field|value|name|text|element)\b.{0,16} too long|\blength exceeds|must (?:not )?be (?:longer|shorter|at most|no more than)/,
      /(?:类型|格式)转换(?:错误|失败|异常)|^(?:数据)?格式(?:错误|不正确|不符)|格式校验(?:失败|不通过|未通过)|(?:非法|无效|不合法)的?(?:日期|数字|数值|整数)|(?:日期|时间|数值|数字)不合法|(?:数值|精度)\S{0,4}(?:溢出|超出)|小数位\S{0,4}超|(?<!报文|消息|请求|数据|内容)(?:字符)?长度\S{0,4}(?:超[出过长]|不能超过|不得超过|大于|过长)|(?:姓名|名称|备注|地址|描述|条码|编号|号码|检查号)\S{0,4}超长/,
    ),
  ],
  [
    'missing',
    anyOf(
      /^(?:required|incomplete)$|\brequired (?:\w+ )?(?:field|element|parameter|property|properties|attribute|segment|argument|header|component|request body)\b|(?:missing|lacks?|lacking) (?:the |a |an )?(?:required|mandatory|field|element|parameter|property|segment|argument|value)\b/,
      /(?:must not|can ?not|may not|should not) be (?:null|empty|blank)|(?:field|element|segment|parameter|property|argument|identifier|list|value)\b.{0,24}\b(?:is |are |was )?(?:required|mandatory|missing|absent|not present)\b|\b(?:segment|field) \w+ (?:is )?missing|ora-01400\b|cannot insert null/,
      /minimum required = \d|content of element .{0,60}is not complete|must have required propert|\bmissing param/,
      /(?:不能|不得|不可|不允许|禁止)为?空|必填|必输|必传|必录|缺少 ?\S{0,10} ?(?:字段|参数|节点|元素|数据项|段|属性|信息|内容)|缺失 ?\S{0,6} ?(?:字段|参数|节点|元素|数据项|段|必)|(?:字段|参数|节点|元素|数据项|入参|属性|段) ?\S{0,20}(?:缺失|缺少|为空|未传|未填|未提供)|未(?:上?传|填写?|提供)\S{0,8}(?:字段|参数|数据项|节点)/,
      /\b[a-z][a-z\d]{2}-\d+\S{0,3} (?:is |are )?(?:required|mandatory|missing|empty)|(?:number|\bid|uid|code|status|\bdate|name)\b.{0,12}\b(?:is |are )?(?:required|mandatory|missing|absent|not present|not supplied)|missing (?:\w+ )?(?:id|identifier|number|attribute|tag|element)\b|no patient (?:id|identifier)\b|requires property|not-null constraint|empty (?:value )?(?:for|in) (?:a )?(?:mandatory|required)|must be (?:supplied|provided|present|specified|valued)/,
      /(?:姓名|证号|身份证|病历号|住院号|就诊号|条码|申请单号|标识|主索引|流水号|登记号|检查号|影像号|编号)\S{0,4}(?:缺失|未传|未填|未提供)|未(?:传入?|提供|填写|填报)\S{0,10}(?:流水号|编号|号码?|标识|主索引|科室|姓名|id)|缺(?:少|失)? ?[a-z][a-z\d]{2} ?段|必须(?:填写|传入|赋值)|请传入/,
    ),
  ],
  [
    'slow',
    anyOf(
      /^timeout$|(?:upstream|gateway|backend|request|read|socket|query|operation|execution|processing|service|response|transaction|statement|command|call)\b.{0,24}\btime(?:d|s)?[ -]?out\b|\btime-?out (?:while|waiting|period|exceeded|expired)|deadline exceeded/,
      /(?:处理|请求|调用|查询|执行|响应|应答|读取|服务|接口|后端|操作|事务|写入|保存|转发|网关|规则引擎|等待)\S{0,6}超时/,
      /ora-01013\b|max(?:imum)? execution time|(?:响应|处理)时间过长/,
    ),
  ],
  [
    'order',
    anyOf(
      /(?:申请单?|(?:检查|检验|会诊)单|医嘱|条码)(?:单号|号码?|编号|流水号|记录|信息|id)?\S{0,2}(?:不存在|未找到|找不到|查无|不匹配|未匹配|未登记|未开立|无法匹配|已删除)/,
      /(?:找不到|未找到|没有找到|查无|查不到|无法匹配|未匹配到?|匹配不到|没有)(?:到|对应|匹配|相应|关联|该|此|的)*(?:(?:检查|检验|会诊|手术)?申请|(?:检查|检验|会诊)单|医嘱(?!项目)|条码)/,
      /(?:unknown|no (?:such|matching|corresponding|associated)|unmatched|unsolicited) (?:\w+ )?(?:order|requisition|accession|placer|result)\b(?! code)|no (?:order|requisition)s? (?:was |is |were )?(?:found|matche?s?|exists?|for)\b/,
      /(?:order|requisition|accession|placer|filler)(?: order)?(?: (?:number|no\.?|id|identifier))?\b.{0,24}(?:not found|not exist|n't exist|unknown|not known|no match|not match|cannot be (?:found|matched))/,
      /(?:处方|预约|挂号|结算|标本|报告|手术|任务|批次|器械包|无菌包|影像)(?:单号|单|号码?|编号|流水号|记录|信息|id)?\S{0,2}(?:不存在|未找到|找不到|查无|未登记|已删除)|(?:找不到|未找到|没有找到|查无|查不到)(?:到|对应|匹配|相应|关联|该|此|的)*(?:处方|预约|挂号|结算|标本|报告|手术|任务|批次|器械包|影像)/,
      /(?:prescription|appointment|booking|specimen|settlement|task|batch|study|series|report)(?: (?:number|no\.?|id|identifier))?\b.{0,12}(?:not found|not exist|n't exist|unknown|not known|no such|cannot be found)|(?:unknown|no such) (?:prescription|appointment|booking|specimen|settlement|task|batch|study|series|report)\b/,
    ),
  ],
]

function anyOf(...some: readonly RegExp[]): RegExp {
  return new RegExp(some.map(({ source }) => source).join('|'))
}
