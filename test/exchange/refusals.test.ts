import { checkGrant } from "@wanlian/client/access/grant-check.js";
import type { Case } from "@wanlian/client/read/ledger-reader.js";
import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { ApplicationState } from "@wanlian/model/model-1/application/application-schema.js";
import type { AccessRequest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";
import { BUREAU, CONSUMER, DATASET, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

/** Changes one thing of what the provider's ledger says, or of what was asked. */
interface Change {
  readonly application?: object;
  readonly grant?: object;
  readonly release?: object;
  readonly member?: object;
  /** Of a proxy's grant: the mandate that it rests on, by itself in force and fitting. */
  readonly mandate?: object;
  readonly request?: Partial<AccessRequest>;
}

const other = "12".repeat(32) as TransactionId;

/** A member for which an operator works. */
function engaged(more: object): object {
  const one = { code: "X1", name: "operator one", from: "2026-03-02T01:00:00Z", to: "2026-12-31T00:00:00Z", ...more };
  return { operators: [one] };
}

/** In force for just what the request is for. */
const PROXY = {
  ...{
    status: "inForce",
    kind: "proxy",
    principal: BUREAU,
    department: CONSUMER,
    datasets: [DATASET],
    departments: [],
  },
  ...{ purposes: ["verification"], from: "2026-03-02T00:00:00Z", to: "2026-12-31T00:00:00Z" },
};

/** The reason, what triggers it, and the nearest that does not. */
const table: [string, Change, Change][] = [
  ["UNKNOWN_GRANT", { request: { grant: other } }, {}],
  ["WRONG_CONSUMER", { application: { consumer: BUREAU } }, { application: { consumer: CONSUMER } }],
  ["WRONG_PROVIDER", { application: { provider: BUREAU } }, { application: { provider: PROVIDER } }],
  ["WRONG_DATASET", { application: { dataset: `${PROVIDER}/division` } }, { application: { dataset: DATASET } }],
  ["GRANT_NOT_GIVEN", { application: { status: "applied" } }, { application: { status: "granted" } }],
  ["GRANT_SUSPENDED", { application: { status: "suspended" } }, {}],
  ["GRANT_REVOKED", { application: { status: "revoked" } }, {}],
  ["GRANT_NOT_YET", { grant: { from: "2026-03-02T01:00:01Z" } }, { grant: { from: "2026-03-02T01:00:00Z" } }],
  ["GRANT_EXPIRED", { grant: { to: "2026-03-02T00:59:59Z" } }, { grant: { to: "2026-03-02T01:00:00Z" } }],
  ["FIELD_NOT_GRANTED", { grant: { fields: ["code"] } }, { grant: { fields: ["name", "code"] } }],
  ["FIELD_NOT_GRANTED", { release: { fields: ["code"] } }, { release: { fields: ["name", "code"] } }],
  ["WRONG_PURPOSE", { request: { purpose: "lookup" } }, { request: { purpose: "verification" } }],
  ["WRONG_SCENARIO", { application: { scenario: "household registration " } }, {}],
  ["UNKNOWN_RELEASE", { request: { release: other } }, {}],
  ["UNKNOWN_RELEASE", { release: { dataset: `${PROVIDER}/division` } }, { release: { dataset: DATASET } }],
  ["RELEASE_WITHDRAWN", { release: { status: "withdrawn" } }, { release: { status: "registered" } }],
  ["NOT_A_MEMBER", { member: { status: "departed" } }, { member: { status: "active" } }],
  ["WRONG_MANDATE", { request: { mandate: other, principal: BUREAU as MspId } }, {}],
  ["WRONG_MANDATE", { application: { mandate: other, principal: BUREAU } }, {}],
  ["WRONG_MANDATE", { mandate: { kind: "audit" } }, { mandate: {} }],
  ["WRONG_MANDATE", { mandate: { department: BUREAU } }, { mandate: { department: CONSUMER } }],
  ["WRONG_MANDATE", { mandate: { datasets: [] } }, { mandate: { datasets: [], departments: [PROVIDER] } }],
  ["WRONG_MANDATE", { mandate: { purposes: ["lookup"] } }, { mandate: { purposes: ["lookup", "verification"] } }],
  ["MANDATE_ENDED", { mandate: { status: "revoked" } }, { mandate: { status: "inForce" } }],
  ["MANDATE_ENDED", { mandate: { to: "2026-03-02T01:00:00Z" } }, { mandate: { to: "2026-03-02T01:00:01Z" } }],
  ["MANDATE_ENDED", { mandate: { from: "2026-03-02T01:00:01Z" } }, { mandate: { from: "2026-03-02T01:00:00Z" } }],
  ["OPERATOR_NOT_ENGAGED", { request: { operator: "X1" } }, { member: engaged({}), request: { operator: "X1" } }],
  [
    "OPERATOR_NOT_ENGAGED",
    { member: engaged({ to: "2026-03-02T01:00:00Z" }), request: { operator: "X1" } },
    { member: engaged({ to: "2026-03-02T01:00:01Z" }), request: { operator: "operator one" } },
  ],
];

describe("an access is refused for what the ledger says of it, and for nothing near it", () => {
  let world: ExchangeWorld;
  let request: AccessRequest;
  before(async () => {
    world = await makeExchangeWorld();
    const grant = await world.grant(["code", "name"]);
    const { consumer } = world.consumer.exchange;
    ({ request } = await consumer.sign(world.officer.signer, world.ask(grant, { subject: { code: "0371" } })));
  });
  after(() => world.remove());
  afterEach(() => world.provider.view.pretended.clear());

  async function refusalOf({ application, grant, release, member, mandate, request: asked }: Change) {
    const derived = mandate === undefined ? {} : { mandate: other, principal: BUREAU };
    const shown = { act: 1, state: { ...PROXY, ...mandate } } as unknown as Case;
    if (mandate !== undefined) world.provider.view.pretended.set(other, shown);
    const { view } = world.provider;
    const given = await view.head("application", request.grant);
    const registered = await view.head("release", request.release);
    const joined = await view.head("member", CONSUMER);
    if (given === undefined || registered === undefined || joined === undefined) throw new Error("not on the ledger");
    const state = {
      ...given.state,
      ...derived,
      ...application,
      grant: { ...(given.state as ApplicationState).grant, ...grant },
    };
    const pretend = {
      application: state,
      release: { ...registered.state, ...release },
      member: { ...joined.state, ...member },
    };
    view.pretended.set(request.grant, { ...given, state: pretend.application as typeof given.state });
    view.pretended.set(request.release, { ...registered, state: pretend.release as typeof registered.state });
    view.pretended.set(CONSUMER, { ...joined, state: pretend.member as typeof joined.state });
    const { refusal } = await checkGrant({ ...request, ...derived, ...asked }, view);
    view.pretended.clear();
    return refusal;
  }

  for (const [reason, change, near] of table) {
    it(`${reason}: ${JSON.stringify(change)}`, async () => {
      expect(await refusalOf(change)).to.equal(reason);
      expect(await refusalOf(near), "the nearest that passes").to.equal(undefined);
    });
  }
});
