/**
 * Who may do what, written down by hand from the requirements, not taken from the model's tables:
 * for each command the statuses it is allowed in, and `department role` of those who may. `any` is every member.
 * In these cases civil affairs provides, the health commission consumes, objects, suggests and is the agent;
 * the police are a third department, and the principal of the mandate.
 */
export const PERMISSIONS: Readonly<Record<string, Readonly<Record<string, readonly [from: string, who: string]>>>> = {
  policy: {
    open: ["none", "bureau administrator"],
    amend: ["inForce", "bureau administrator"],
    announce: ["inForce", "bureau administrator"],
    handOver: ["inForce", "bureau administrator"],
    takeOver: ["inForce", "any administrator"],
  },
  clock: { tick: ["none ticking", "any node"] },
  consortium: {
    propose: ["none sitting", "any administrator"],
    vote: ["sitting", "any administrator"],
    withdraw: ["sitting", "any administrator"],
    leave: ["none sitting", "any administrator"],
    giveUpSeat: ["none sitting", "any administrator"],
  },
  member: {
    join: ["none departed", "self administrator"],
    update: ["active", "self administrator"],
    engage: ["active", "self administrator"],
    dismiss: ["active", "self administrator"],
    depart: ["active", "any administrator, any node"],
  },
  mandate: {
    appoint: ["none", "bureau administrator"],
    delegate: ["none", "any steward"],
    revoke: ["inForce", "police administrator, police steward, bureau administrator, bureau steward"],
  },
  dataset: {
    register: ["none", "civil steward"],
    revise: ["registered", "civil steward"],
    withdraw: ["registered", "civil steward"],
  },
  release: { register: ["none", "civil steward"], withdraw: ["registered", "civil steward"] },
  demand: {
    publish: ["none", "any user"],
    match: ["published", "civil steward"],
    decline: ["published", "civil steward"],
    withdraw: ["published", "health user"],
    urge: ["published", "bureau steward, bureau administrator"],
    discontinue: ["published", "bureau steward, bureau administrator"],
  },
  application: {
    apply: ["none", "any user"],
    claim: ["none", "any user"],
    declareEmergency: ["none", "any user"],
    supplement: ["incomplete", "health user"],
    notReceived: ["incomplete refused", "health user"],
    withdraw: ["applied incomplete granted suspended", "health user"],
    grant: ["applied", "civil steward"],
    refuse: ["applied", "civil steward"],
    requestMore: ["applied", "civil steward"],
    urge: ["applied incomplete granted suspended revoked", "bureau steward, bureau administrator"],
    discontinue: ["applied incomplete granted suspended", "civil steward, bureau steward, bureau administrator"],
    revoke: ["granted suspended", "civil steward, bureau steward, bureau administrator"],
    suspend: ["granted", "civil steward, bureau steward, bureau administrator"],
    resume: ["suspended", "civil steward, bureau steward, bureau administrator"],
    review: ["granted suspended revoked", "civil steward, bureau steward, bureau administrator"],
    reportUse: ["granted suspended revoked", "health user"],
    requestRenewal: ["granted", "health user"],
    renew: ["granted suspended", "civil steward"],
    declineRenewal: ["granted suspended", "civil steward"],
  },
  objection: {
    raise: ["none", "any user"],
    withdraw: ["raised verifying", "health user"],
    accept: ["raised", "civil steward"],
    extend: ["verifying", "civil steward"],
    conclude: ["verifying", "civil steward"],
    correct: ["correcting", "civil steward"],
    confirm: ["corrected answered disputed", "health user"],
    dispute: ["corrected answered", "health user"],
    notReceived: ["answered correcting", "health user"],
    settle: ["disputed", "bureau steward, bureau administrator"],
    urge: ["raised verifying correcting corrected answered", "bureau steward, bureau administrator"],
    close: ["corrected answered", "civil steward, bureau steward, bureau administrator"],
    discontinue: ["raised verifying correcting", "bureau steward, bureau administrator"],
  },
  suggestion: {
    make: ["none", "any user"],
    answer: ["made", "civil steward"],
    withdraw: ["made", "health user"],
    urge: ["made", "bureau steward, bureau administrator"],
    discontinue: ["made", "bureau steward, bureau administrator"],
  },
  log: {
    open: ["none", "self node"],
    anchor: ["open", "self node"],
    rotate: ["open", "self administrator"],
    beginAnew: ["open", "self administrator"],
  },
};

/** The statuses a case of each noun can be in, beside `none`. */
export const STATUSES: Readonly<Record<string, string>> = {
  policy: "inForce",
  clock: "ticking",
  consortium: "sitting",
  member: "active departed",
  mandate: "inForce revoked",
  dataset: "registered withdrawn",
  release: "registered withdrawn",
  demand: "published matched declined withdrawn discontinued",
  application: "applied incomplete granted suspended refused revoked withdrawn discontinued",
  objection: "raised verifying correcting corrected answered disputed closed withdrawn discontinued",
  suggestion: "made adopted declined withdrawn discontinued",
  log: "open",
};
