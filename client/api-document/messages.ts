import type { Words } from "@wanlian/protocol/language.js";
import type { ErrorCode } from "../core/index.js";

/** What a code comes to for whoever asked: its HTTP status, and words. */
export interface Message extends Words {
  readonly status: number;
}

/**
 * What each code means and what to do, in both languages, and the HTTP status that it comes with: the one table for
 * problem documents, the page and the command line. A code that stands in no row does not compile.
 */
export const messages: Readonly<Record<ErrorCode, Message>> = {
  // the contracts': the input
  INVALID_INPUT: {
    status: 422,
    zh: "内容不符合规定格式；请按所指位置改正",
    en: "The content is not as the rules want it; correct the place named",
  },
  TOO_LARGE: {
    status: 422,
    zh: "内容过大，账本不予记录；请精简或改交文件",
    en: "Too large for the ledger to keep; shorten it",
  },
  UNKNOWN_COMMAND: { status: 404, zh: "没有这种操作；请核对接口文档", en: "There is no such action; see the document" },
  WRONG_BASIS: {
    status: 409,
    zh: "前提不合规则；请刷新后重试",
    en: "The basis is not what the rules demand; reload and try again",
  },
  // the author
  NOT_A_CLIENT: {
    status: 403,
    zh: "证书不是经办人证书；请换有此角色的经办人",
    en: "The certificate is not an officer's; an officer has to do it",
  },
  NOT_A_MEMBER: {
    status: 403,
    zh: "部门不是现任成员；请先加入联盟",
    en: "The department is not an active member; join first",
  },
  NOT_PERMITTED: {
    status: 403,
    zh: "本角色无权办理；请换有此角色的经办人",
    en: "Your role or department may not do this; an officer with the role has to",
  },
  NOT_OWNER: {
    status: 403,
    zh: "该事项属于其他部门；请由该部门办理",
    en: "This belongs to another department; that department has to",
  },
  CERTIFICATE_EXPIRED: {
    status: 403,
    zh: "证书已过期；请向本部门申请新证书",
    en: "The certificate has expired; ask for a new one",
  },
  // the case
  NOT_FOUND: { status: 404, zh: "账本上没有该事项；请核对编号", en: "The ledger has no such case; check the number" },
  ALREADY_EXISTS: { status: 409, zh: "已经有了；请查看现有的", en: "It exists already; look at the one there is" },
  WRONG_STATE: {
    status: 409,
    zh: "当前状态不能办理；请从可办操作中选",
    en: "Not possible in the state the case is in; choose what may be done",
  },
  UNCHANGED: { status: 409, zh: "内容没有变化，不记入账本", en: "Nothing would change; nothing to do" },
  LIMIT_REACHED: {
    status: 409,
    zh: "已达到数量上限；请另行申请或报数据局",
    en: "A limit is reached; apply anew, or ask the bureau",
  },
  TOO_MANY_ACTS: {
    status: 429,
    zh: "本部门在此事项上办理过于频繁；请等账本时间更新后再办",
    en: "Your department has acted in this case too often for now; wait for the ledger's clock to move on",
  },
  MISMATCH: {
    status: 422,
    zh: "与账本不一致；请核对编号和字段",
    en: "It does not agree with what is on the ledger; check numbers and fields",
  },
  // the rules
  NO_LEGAL_BASIS: {
    status: 422,
    zh: "依据缺少或不在登记册；请从登记册选",
    en: "The legal or policy basis is missing; choose one from the register",
  },
  NOT_SHARED: { status: 409, zh: "该数据不予共享；依据见目录", en: "The dataset is not shared; see the catalogue" },
  OUT_OF_SCOPE: {
    status: 422,
    zh: "超出申请、授权或委托；请缩小范围",
    en: "Outside the scope of the grant or mandate; ask for less",
  },
  TOO_EARLY: { status: 409, zh: "未到可办时间；请届时再办", en: "Not before its time; wait for it" },
  TOO_LATE: { status: 409, zh: "已过可办时间；请另行申请", en: "The time for it has passed; apply anew" },
  NOT_REPORTED: { status: 409, zh: "请先报告使用情况和应用效果", en: "Report use and effect first" },
  BAD_PROOF: { status: 422, zh: "证明不成立；请重新生成", en: "The proof does not hold; make it anew" },
  BAD_SIGNATURE: { status: 422, zh: "签名不成立；请核对密钥", en: "The signature does not hold; check the key" },
  LOG_SHRANK: {
    status: 409,
    zh: "日志少于上次锚定的；请从备份恢复",
    en: "The log is smaller than when it was last anchored; restore the log",
  },
  LOG_REWRITTEN: {
    status: 409,
    zh: "日志与上次锚定的不衔接；请从备份恢复",
    en: "The log does not extend the one last anchored; restore the log",
  },
  // time and order
  MOVED: { status: 409, zh: "办理期间情况有变；请查看后再决定", en: "Things moved meanwhile; look again and decide" },
  NOT_YET: { status: 503, zh: "其他节点尚未同步；请稍后重试", en: "Other nodes do not have the basis yet; try again" },
  VOID_BASIS: { status: 409, zh: "前提中有无效行为；请刷新后重试", en: "The basis is void; reload and try again" },
  STALE_CLOCK: {
    status: 503,
    zh: "账本时钟停走，暂不受理；请稍后重试",
    en: "The ledger's clock stands still; nothing can be filed; try later",
  },
  CLOCK_OFF: {
    status: 409,
    zh: "时间与其他部门的时钟相差过大；请校准本机时钟",
    en: "The time is too far off the other departments' clocks; set the clock",
  },
  // the contract
  UNKNOWN_MODEL: {
    status: 503,
    zh: "合约没有现行规则；请升级合约",
    en: "The contract lacks the rules in force; upgrade it",
  },
  WRONG_GENESIS: {
    status: 409,
    zh: "初始政策与各部门配置不一致；请核对配置后重开",
    en: "The first policy is not the one departments agreed on; compare, and open again",
  },
  INTERNAL: {
    status: 500,
    zh: "合约出错；请把请求编号报管理员",
    en: "The contract failed; tell the administrator the number of the request",
  },
  // the node's
  KEY_REUSED: {
    status: 422,
    zh: "提交编号已用于另一项；请另拟",
    en: "The idempotency key stands for another command; choose another",
  },
  NO_ENDORSEMENT: {
    status: 503,
    zh: "背书部门数量不足，未提交；请稍后重试，仍不行报管理员",
    en: "Too few departments endorse; nothing was sent; try later",
  },
  ENDORSEMENT_FORGED: {
    status: 502,
    zh: "收到伪造的背书，未提交；请管理员追查所列部门",
    en: "An endorsement is not genuine; nothing was sent; trace who gave it",
  },
  LEDGER_UNAVAILABLE: {
    status: 503,
    zh: "账本网络无法连接，未提交；请稍后重试，仍不行报管理员",
    en: "The ledger cannot be reached; nothing was sent; try later",
  },
  REFUSED_BY_ORDERER: {
    status: 502,
    zh: "排序服务拒绝，未记入账本；请稍后重试，仍不行报管理员",
    en: "The orderer refuses it; nothing counts; try later",
  },
  CONFLICT: {
    status: 409,
    zh: "他人连续抢先，未生效；请查看后重提",
    en: "Others kept coming first; nothing counts; look, and file again",
  },
  INVALID: {
    status: 409,
    zh: "已记入账本，未通过验证，不生效；请重提",
    en: "On the ledger, but refused by validation; nothing counts; file again",
  },
  VOID: {
    status: 409,
    zh: "已记入账本，不合规则，不生效；请查看告警",
    en: "On the ledger, but against the rules; nothing counts; see the alarms",
  },
  CLOCK_STALE: {
    status: 503,
    zh: "账本时钟停走，不提供数据；请稍后重试",
    en: "The ledger's clock stands still; no service meanwhile; try later",
  },
  NOT_READY: { status: 503, zh: "本节点尚未同步；请稍后重试", en: "The node is not ready yet; try again" },
  STORE_FAILED: {
    status: 503,
    zh: "节点无法写入磁盘或数据库；请腾出空间",
    en: "The node cannot write to its disk or database; free space",
  },
  CONFIGURATION: {
    status: 500,
    zh: "节点自身配置有误；请按日志改正",
    en: "The node's own configuration is wrong; see the log",
  },
  // officers' keys
  UNKNOWN_OFFICER: {
    status: 404,
    zh: "本节点没有登记该经办人；请核对后重输",
    en: "Nobody of that number is enrolled at this node; enter it again",
  },
  WRONG_PASSPHRASE: {
    status: 401,
    zh: "经办人编号或口令错误；请核对后重输",
    en: "Officer number or passphrase is wrong; enter it again",
  },
  WEAK_PASSPHRASE: {
    status: 422,
    zh: "口令长度须为12至256个字符；请重输",
    en: "A passphrase has 12 to 256 characters; enter another",
  },
  DAMAGED_KEY: {
    status: 409,
    zh: "密钥或证书文件已损坏；请换文件或重新申请证书",
    en: "The key or certificate file is damaged; use another file, or apply for a certificate",
  },
  UNSUPPORTED_KEY: {
    status: 422,
    zh: "不支持的密钥或加密方式；请换文件或重新申请证书",
    en: "A kind of key or encryption that is not read; use another file, or apply for a certificate",
  },
  KEY_MISMATCH: {
    status: 409,
    zh: "密钥、证书与经办人不相符；请换文件或重新申请证书",
    en: "Key, certificate and officer do not belong together; use another file, or apply for a certificate",
  },
  CERTIFICATE_NOT_VALID: {
    status: 403,
    zh: "证书尚未生效或已过期；请向本部门申请新证书",
    en: "The certificate is not valid today; ask for a new one",
  },
  CERTIFICATE_REFUSED: {
    status: 403,
    zh: "通道不再承认该证书：已吊销，或不是本部门签发；请找本部门管理员",
    en: "The channel does not take this certificate: revoked, or not the department's; ask its administrator",
  },
  OFFICER_DISMISSED: {
    status: 403,
    zh: "所属运营企业的登记已终止或未到期限，不能登录；请由本部门经办人办理",
    en: "The officer's operator company is not engaged today; an officer of the department has to",
  },
  LOCKED_OUT: { status: 429, zh: "口令错误过多；请等所示时间", en: "Too many failures; wait and try again" },
  SIGNATURE_MISSING: {
    status: 409,
    zh: "密钥在经办人的浏览器中，未得到签名；请在该浏览器中办理",
    en: "The key is in the officer's browser, which did not sign; do it there",
  },
  SIGNATURE_REFUSED: {
    status: 409,
    zh: "浏览器拒绝签名：节点请求签署的与所作决定不符；请报管理员追查",
    en: "The browser would not sign: what the node asked for is not what was decided; have it looked into",
  },
  // sources and transfers
  WRONG_DEPARTMENT: {
    status: 403,
    zh: "请求与连接所属部门不符；请由该部门办理",
    en: "Not of the department whose connection it came over; that department has to",
  },
  BAD_ANSWER: {
    status: 502,
    zh: "对方节点的应答与其记录不符，已弃用；请重试，再现报数据局",
    en: "The other node's answer is not what its record says; try again, then tell the bureau",
  },
  REFUSED: {
    status: 403,
    zh: "提供部门拒绝调用；请看记录所列原因",
    en: "The provider refuses; see the record for the reason",
  },
  BROKEN_OFF: { status: 502, zh: "传输中断，已收部分不可用；请重新下载", en: "The transfer broke off; download anew" },
  UNREACHABLE: {
    status: 503,
    zh: "对方部门节点无法连接；请稍后重试或联系该部门",
    en: "The other department's node cannot be reached; try later, or ask them",
  },
  SOURCE_MALFORMED: {
    status: 422,
    zh: "数据来源格式不符；请提供部门改正",
    en: "The source is not in the form it should have; the provider has to mend it",
  },
  SOURCE_TOO_LARGE: {
    status: 422,
    zh: "数据来源超过限制；请提供部门改正",
    en: "The source is beyond the limits; the provider has to mend it",
  },
  SOURCE_MISSING: {
    status: 503,
    zh: "数据来源无法读取；请稍后重试或联系该部门",
    en: "The source cannot be read; try later, or ask them",
  },
  SOURCE_CHANGED: {
    status: 409,
    zh: "读取期间数据来源已变化；请登记新批次",
    en: "The source changed while it was read; register a new release",
  },
  SOURCE_DIFFERS: {
    status: 409,
    zh: "数据来源与登记的批次不符；请登记新批次",
    en: "The source is not what the release registered; register a new release",
  },
  SOURCE_SLOW: {
    status: 504,
    zh: "数据来源未及时响应；请稍后重试或联系该部门",
    en: "The source did not answer in time; try later, or ask them",
  },
  FIELD_UNKNOWN: {
    status: 422,
    zh: "数据来源没有该字段；请提供部门改正",
    en: "The source has no such field; the provider has to mend it",
  },
  // logs of accesses
  LOG_DAMAGED: {
    status: 500,
    zh: "日志损坏，不提供数据；请从备份恢复",
    en: "The log is damaged and no data is given; restore it",
  },
  LOG_BEHIND: {
    status: 500,
    zh: "日志旧于已公布的内容，不得续记；请恢复较新的备份，或另起日志",
    en: "The log is older than what was made known of it; restore a newer backup, or begin another log",
  },
  LOG_IN_USE: {
    status: 503,
    zh: "日志正由另一进程使用；请先停止该进程",
    en: "Another process appends to the log; stop it first",
  },
  LOG_WRITE_FAILED: {
    status: 503,
    zh: "日志无法写入，不提供数据；请腾出空间后重启节点",
    en: "The log cannot be written and no data is given; free space and start the node again",
  },
  LOG_BUSY: { status: 503, zh: "等待记入日志的调用过多；请稍后重试", en: "Too much waits for the log; try later" },
  LOG_CLOSED: { status: 503, zh: "节点正在停止；请稍后重试", en: "The node is stopping; try later" },
  RECORD_TOO_LARGE: {
    status: 422,
    zh: "记录过大，日志不予保存；请精简",
    en: "The record is too large for the log; shorten it",
  },
  NOT_IN_TREE: { status: 404, zh: "日志中没有该记录；请核对编号", en: "The log has no such record; check its number" },
  CALL_NOT_SIGNED: {
    status: 409,
    zh: "经平台或文件的调用双方均未签名，不出具证据；请由审计人员凭委托核对双方日志",
    en: "Neither party signed a call over the platform or by file, so no evidence is made of it; an auditor under a mandate compares both logs",
  },
  // checks of data
  RULES_MALFORMED: {
    status: 422,
    zh: "质量规则不符合格式；请按所指位置改正",
    en: "The rules are not as the schema has it",
  },
  RULES_DO_NOT_FIT: {
    status: 422,
    zh: "质量规则与数据表不符；请核对字段和表名",
    en: "The rules do not fit the table; check its columns",
  },
  QUERY_REFUSED: {
    status: 422,
    zh: "自定义查询只能读取所给数据表；请改写",
    en: "Own SQL may read the given table and nothing else",
  },
  CHECK_TOO_LARGE: {
    status: 422,
    zh: "检查所需内存或磁盘超过限制；请减少规则或数据",
    en: "The check needs more memory or disk than it may take",
  },
  CHECK_CANCELLED: { status: 409, zh: "检查已取消，没有结果", en: "The check was cancelled; there is no result" },
  // the API's own
  BAD_REQUEST: {
    status: 400,
    zh: "请求不符合接口文档；请按所指位置改正",
    en: "The request is not as the document has it; correct the place named",
  },
  BODY_TOO_LARGE: { status: 413, zh: "请求内容过大；请精简或改交文件", en: "The request is too large; shorten it" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, zh: "请求内容须为 application/json", en: "Requests are application/json" },
  NO_SUCH_ROUTE: {
    status: 404,
    zh: "没有此地址；请核对接口文档",
    en: "There is nothing at this address; see the document",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    zh: "此地址不支持该方法；请核对接口文档",
    en: "This address does not take that method; see the document",
  },
  NO_SUCH_CASE: {
    status: 404,
    zh: "账本上没有该事项；请核对编号",
    en: "The ledger has no such case; check the number",
  },
  NO_SUCH_ENTRY: { status: 404, zh: "没有该记录；请核对编号", en: "There is no such entry; check the number" },
  NOT_LOGGED_IN: { status: 401, zh: "请先登录", en: "Log in first" },
  HOST_UNKNOWN: {
    // Not 421: browsers would send what it refuses once more.
    status: 403,
    zh: "本节点不以该主机名提供服务；请用管理员告知的地址",
    en: "The node is not reached under this name; use the address that its administrator gives",
  },
  CROSS_SITE: {
    status: 403,
    zh: "拒绝来自其他网站的请求；请在本节点页面办理",
    en: "Requests from other sites are refused; use this node's page",
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    zh: "未附请求头 Idempotency-Key；请另拟",
    en: "A filing needs the header Idempotency-Key; choose one",
  },
  ROLE_MISSING: {
    status: 403,
    zh: "证书没有所需角色；请换有此角色的经办人",
    en: "Your certificate lacks the role for this; an officer with the role has to",
  },
  NOT_A_DEMO: { status: 403, zh: "只有演示通道的时钟可以人工拨动", en: "Only a demo channel's clock is moved by hand" },
  OWN_WARNING: {
    status: 403,
    zh: "预警涉及本人；请由其他经办人核查",
    en: "The warning is about yourself; another officer has to look into it",
  },
  FAULT: {
    status: 500,
    zh: "节点出错；请把请求编号报管理员",
    en: "The node failed; the log has it; tell the administrator the number of the request",
  },
};

/** Whether a text is one of the codes that people are told of. */
export const isCode = (code: string): code is ErrorCode => Object.hasOwn(messages, code);
