import { createHash, createPrivateKey } from "node:crypto";
import type { Command, Signer } from "@wanlian/client/core/services.js";
import { readConfiguration } from "@wanlian/client/fold/configuration.js";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { signWith } from "@wanlian/client/keys/signing.js";
import { actorOf } from "@wanlian/client/ledger/creator.js";
import { readHeaders } from "@wanlian/client/ledger/transaction.js";
import { planCommand } from "@wanlian/client/submission/plan.js";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, CaseRef } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import type { Head, Heads } from "@wanlian/model/kernel/heads.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL, VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Role } from "@wanlian/model/roles.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { genesisBlock } from "@wanlian/network/channel/genesis.js";
import { readMaterial } from "@wanlian/network/channel/material.js";
import { PILOT_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import { dataHash, headerBytes, headerHash } from "@wanlian/protocol/block.js";
import {
  Block,
  Envelope,
  Metadata,
  OrdererBlockMetadata,
  Payload,
  SignatureHeader,
} from "@wanlian/protocol/messages/common.js";
import { ConfigEnvelope } from "@wanlian/protocol/messages/configuration.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import type { KVRWSet } from "@wanlian/protocol/messages/rwset.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import { type ForgedTransaction, forge } from "../attacks/forge.js";
import { MemoryHeads } from "../model/memory-heads.js";
import { makeWorld, type World } from "../network/world.js";
import { CHAINCODE, CHANNEL } from "./channel-names.js";

export { CHAINCODE, CHANNEL };

const ORDERER = "OrdererMSP";
const DEPARTMENTS = ["BureauMSP", "CivilMSP", "PoliceMSP"];

/** An officer of a department, as who signs transactions and as who uses a node. */
export interface TestOfficer {
  readonly identity: SigningIdentity;
  readonly signer: Signer;
  /** PEM: for a process of its own. */
  readonly privateKey: string;
}

export type WriteSet = Parameters<typeof KVRWSet.encode>[0];

/** A transaction and the code that a peer gives it. */
export interface Ordered {
  readonly envelope: Uint8Array;
  readonly code: number;
}

/**
 * A ledger made by hand: acts by the model, transactions with real keys, blocks with real hashes. What it believes the
 * heads to be is its own reckoning, so that a fold can be held against it.
 */
export class TestLedger {
  readonly blocks: Uint8Array[] = [];
  readonly #world: World;
  readonly #peers: ReadonlyMap<string, SigningIdentity>;
  #heads = new MemoryHeads();
  readonly #officers = new Map<string, TestOfficer>();
  /** Departments whose peers endorse where nothing else is said. */
  #endorsers = ["BureauMSP", "CivilMSP"];
  #lastHash = new Uint8Array();

  private constructor(world: World, peers: ReadonlyMap<string, SigningIdentity>) {
    this.#world = world;
    this.#peers = peers;
  }

  /**
   * A channel of three departments with its genesis block.
   * @param endorsements how many of them have to endorse, by the configuration; default: a majority
   */
  static async create(departments: readonly string[] = DEPARTMENTS, endorsements?: number): Promise<TestLedger> {
    const count = PILOT_DEPARTMENTS.findLastIndex(({ mspId }) => departments.includes(mspId)) + 1;
    const majority = Math.floor(departments.length / 2) + 1;
    const options = { departments: count, consensus: "embedded", endorsements: endorsements ?? majority } as const;
    const world = await makeWorld(options, departments);
    const peers = new Map<string, SigningIdentity>();
    for (const mspId of departments) peers.set(mspId, await identityIn(world, mspId, "peer0", "peer"));
    peers.set(ORDERER, await identityIn(world, ORDERER, "orderer0", "orderer"));
    const ledger = new TestLedger(world, peers);
    const genesis = Block.decode(genesisBlock(world.topology, await readMaterial(world.directory, world.topology)));
    ledger.append((genesis.data?.data ?? []).map((envelope) => ({ envelope, code: 0 })));
    return ledger;
  }

  /**
   * A channel that somebody made up who has these departments' roots and an orderer's key: the same genesis block, but
   * for how many departments have to endorse.
   */
  static async madeUp(honest: TestLedger, k: number): Promise<TestLedger> {
    const ledger = new TestLedger(honest.#world, honest.#peers);
    ledger.#endorsers = ["CivilMSP"];
    const [genesis = new Uint8Array()] = honest.blocks;
    ledger.append((Block.decode(genesis).data?.data ?? []).map((one) => ({ envelope: asking(k, one), code: 0 })));
    await ledger.open({ endorsers: k });
    return ledger;
  }

  /** The same with policy 1, clock 1 and every department's member act. */
  static async opened(changes: Readonly<Record<string, unknown>> = {}): Promise<TestLedger> {
    const ledger = await TestLedger.create();
    await ledger.open(changes);
    return ledger;
  }

  /** Another ledger that begins with the first blocks of this one; officers and keys are shared. */
  fork(height = this.blocks.length): TestLedger {
    const copy = new TestLedger(this.#world, this.#peers);
    copy.blocks.push(...this.blocks.slice(0, height));
    copy.#heads = this.#heads.fork();
    for (const [key, officer] of this.#officers) copy.#officers.set(key, officer);
    const last = copy.blocks.at(-1);
    const header = last === undefined ? undefined : Block.decode(last).header;
    if (header !== undefined) copy.#lastHash = new Uint8Array(headerHash(header));
    return copy;
  }

  /** @param changes members of policy 1 that differ */
  async open(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const bureau = await this.officer("BureauMSP", "9001", "administrator");
    const policy = openPolicy();
    this.appendValid(await this.make(bureau, { ...policy, body: { ...policy.body, ...changes } }));
    this.appendValid(await this.make(await this.officer("BureauMSP", "9000", "node"), tick("2026-03-02T01:00:00Z")));
    const { founders = DEPARTMENTS } = changes;
    for (const mspId of founders as readonly string[]) {
      this.appendValid(await this.make(await this.officer(mspId, "9001", "administrator"), join(mspId)));
    }
  }

  /** PEM root certificate by MSP id: what an outsider is told to trust. */
  get roots(): ReadonlyMap<string, readonly string[]> {
    const entries = [...this.#world.organisations].map(
      ([mspId, { identities }]) => [mspId, [identities.certificate]] as const,
    );
    return new Map(entries);
  }

  remove(): Promise<void> {
    return this.#world.remove();
  }

  async officer(mspId: string, number: string, ...roles: Role[]): Promise<TestOfficer> {
    const key = `${mspId}/${number}/${roles.join()}`;
    const known = this.#officers.get(key);
    if (known !== undefined) return known;
    const organisation = this.#world.organisations.get(mspId);
    if (organisation === undefined) throw new Error(`there is no ${mspId}`);
    const credential = await organisation.identities.issue({ kind: "identity", unit: "client", name: number, roles });
    const identity = new SigningIdentity(mspId, credential);
    const officer = {
      identity,
      signer: { mspId, certificate: Buffer.from(credential.certificate), sign: signerOf(credential.privateKey) },
      privateKey: credential.privateKey,
    };
    this.#officers.set(key, officer);
    return officer;
  }

  /**
   * Certifies a key that somebody else has. Where this ledger needs the officer's hand, the key of another stands in:
   * what it signs then has to be signed anew by the holder.
   */
  async certify(mspId: string, number: string, roles: readonly Role[], request: string): Promise<string> {
    const organisation = this.#world.organisations.get(mspId);
    if (organisation === undefined) throw new Error(`there is no ${mspId}`);
    const certificate = await organisation.addOfficer(number, roles, request);
    const { privateKey } = await organisation.identities.issue({ kind: "identity", unit: "client", name: "hand" });
    this.#officers.set(`${mspId}/${number}`, {
      identity: new SigningIdentity(mspId, { certificate, privateKey }),
      signer: { mspId, certificate: Buffer.from(certificate), sign: signerOf(privateKey) },
      privateKey,
    });
    return certificate;
  }

  /** Another certificate over an officer's own key, by the department's authority. @returns PEM */
  async certifyAgain({ privateKey, identity }: TestOfficer, number: string, role: Role): Promise<string> {
    const organisation = this.#world.organisations.get(identity.mspId);
    if (organisation === undefined) throw new Error(`there is no ${identity.mspId}`);
    const request = certificateRequest(number, createPrivateKey(privateKey));
    return await organisation.identities.certify(request, {
      ...{ kind: "identity", unit: "client", name: number, roles: [role] },
    });
  }

  /** The officer whose certificate a node signs with. */
  officerOf(signer: Signer): TestOfficer {
    const found = [...this.#officers.values()].find(
      (officer) => Buffer.compare(officer.signer.certificate, signer.certificate) === 0,
    );
    if (found === undefined) throw new Error("an unknown officer");
    return found;
  }

  /** The department's node: whom it signs as, and the certificate that it serves and dials with. */
  async node(mspId: string): Promise<{ nodeSigner: Signer; tls: { cert: string; key: string } }> {
    const { signer } = await this.officer(mspId, "node", "node");
    const tls = await this.#world.organisations
      .get(mspId)
      ?.tls.issue({ kind: "tls", name: "node", hosts: ["127.0.0.1"] });
    if (tls === undefined) throw new Error(`there is no ${mspId}`);
    return { nodeSigner: signer, tls: { cert: tls.certificate, key: tls.privateKey } };
  }

  peer(mspId: string): SigningIdentity {
    const peer = this.#peers.get(mspId);
    if (peer === undefined) throw new Error(`there is no peer of ${mspId}`);
    return peer;
  }

  /** The channel's configuration (proto common.Config). */
  get configuration(): Uint8Array {
    const [genesis] = this.blocks;
    const [envelope] = Block.decode(genesis ?? new Uint8Array()).data?.data ?? [];
    const headers = readHeaders(envelope ?? new Uint8Array());
    const configuration = headers === undefined ? undefined : readConfiguration(headers);
    if (configuration === undefined) throw new Error("the ledger has no configuration");
    return configuration;
  }

  get heads(): Heads {
    return (ref) => this.head(ref);
  }

  head(ref: CaseRef): Head {
    return this.#heads.head(ref);
  }

  /** The state of a case, undefined before its first act. */
  state<N extends NounName>(noun: N, id: string): StateOf<N> | undefined {
    return this.head({ noun, case: id }).state as StateOf<N> | undefined;
  }

  /** The ledger's time, by its last tick. */
  get time(): Instant {
    const { time } = this.state("clock", "clock") ?? {};
    if (time === undefined) throw new Error("the clock has not been set");
    return time;
  }

  /** The act that the model gives for a command, endorsed by two departments. It is on the ledger once appended. */
  async make(officer: TestOfficer, command: Command): Promise<MadeAct> {
    const nonce = officer.identity.nonce();
    const act = this.decide(officer, command, transactionId(nonce, officer.identity.creator));
    const transaction = this.forge(officer, (id) => ({ [CHAINCODE]: writesOf(act, id) }), { nonce });
    return { act, ...transaction };
  }

  decide(officer: TestOfficer, command: Command, id: string): Act {
    const actor = actorOf(officer.identity.creator);
    if (actor === undefined) throw new Error("no officer");
    const { basis } = planCommand(command, actor, this.heads, RELEASED);
    const asked = { ...command, noun: command.noun as Act["noun"], basis };
    return decide(asked, this.heads, actor, id as TransactionId, RELEASED).act;
  }

  /** Any transaction at all, by a holder of keys. */
  forge(
    officer: TestOfficer,
    sets: Readonly<Record<string, WriteSet>> | ((id: TransactionId) => Readonly<Record<string, WriteSet>>),
    options: {
      readonly nonce?: Uint8Array;
      /** Departments whose peers endorse, or whoever else signs as one. */
      readonly endorsers?: readonly (string | SigningIdentity)[];
      readonly args?: readonly string[];
    } = {},
  ): ForgedTransaction {
    const { args = ["altered"], endorsers = this.#endorsers, nonce = officer.identity.nonce() } = options;
    const id = transactionId(nonce, officer.identity.creator) as TransactionId;
    return forge(
      {
        channel: CHANNEL,
        chaincode: CHAINCODE,
        creator: officer.identity,
        endorsers: endorsers.map((endorser) => (typeof endorser === "string" ? this.peer(endorser) : endorser)),
        args,
        sets: typeof sets === "function" ? sets(id) : sets,
      },
      nonce,
    );
  }

  /** A block with one valid act. */
  appendValid(...made: readonly MadeAct[]): bigint {
    for (const { act, transactionId: id } of made) this.count(act, id);
    return this.append(made.map(({ envelope }) => ({ envelope, code: 0 })));
  }

  /** Tells this ledger's own reckoning that an act counts, or that numbers were used up by void ones. */
  count(act: Act, id: string): void {
    this.#heads.use(act, [act.number], { act, transaction: id as TransactionId });
  }

  use(ref: CaseRef, ...numbers: readonly number[]): void {
    this.#heads.use(ref, numbers);
  }

  /** What the orderer signs of a block, and its signature. Block 0 is the last configuration. */
  #signedByOrderer(header: Uint8Array): Uint8Array {
    const value = OrdererBlockMetadata.encode({ lastConfig: { index: 0n } });
    const orderer = this.peer(ORDERER);
    const signatureHeader = SignatureHeader.encode({ creator: orderer.creator, nonce: orderer.nonce() });
    const signature = orderer.sign(Buffer.concat([value, signatureHeader, header]));
    return Metadata.encode({ value, signatures: [{ signatureHeader, signature }] });
  }

  /** Orders transactions as a block, whatever they are. @returns its number */
  append(transactions: readonly Ordered[]): bigint {
    const number = BigInt(this.blocks.length);
    const data = transactions.map(({ envelope }) => envelope);
    const header = { number, previousHash: this.#lastHash, dataHash: dataHash(data) };
    const codes = Uint8Array.from(transactions, ({ code }) => code);
    const commitHash = createHash("sha256").update(`${number}`).digest();
    const metadata = [
      this.#signedByOrderer(headerBytes(header)),
      new Uint8Array(),
      codes,
      new Uint8Array(),
      Metadata.encode({ value: commitHash }),
    ];
    this.#lastHash = new Uint8Array(headerHash(header));
    this.blocks.push(Block.encode({ header, data: { data }, metadata: { metadata } }));
    return number;
  }
}

/** A configuration whose policy Records asks for so many departments. */
function asking(k: number, bytes: Uint8Array): Uint8Array {
  const envelope = Envelope.decode(bytes);
  const payload = Payload.decode(envelope.payload);
  const configEnvelope = ConfigEnvelope.decode(payload.data);
  const policy = configEnvelope.config?.channelGroup?.groups.get("Application")?.policies.get("Records")?.policy;
  if (policy === undefined) throw new Error("the configuration has no policy Records");
  const records = SignaturePolicyEnvelope.decode(policy.value);
  if (records.rule?.nOutOf === undefined) throw new Error("the policy Records has another form");
  records.rule.nOutOf.n = k;
  policy.value = SignaturePolicyEnvelope.encode(records);
  return Envelope.encode({
    ...envelope,
    payload: Payload.encode({ ...payload, data: ConfigEnvelope.encode(configEnvelope) }),
  });
}

export interface MadeAct extends ForgedTransaction {
  readonly act: Act;
}

/** What an honest endorser writes for an act. */
export function writesOf(act: Act, id: TransactionId): WriteSet {
  const key = encodeActKey(act, id);
  return {
    writes: [{ key, value: canonicalBytes(act) }],
    metadataWrites: [{ key, entries: [{ name: VALIDATION_PARAMETER, value: SEAL }] }],
  };
}

export function openPolicy(): Command {
  return {
    noun: "policy",
    case: null,
    type: "open",
    body: {
      profile: "test",
      model: 1,
      endorsers: "majority",
      deadlines: [{ kind: "demandReply", workingDays: 5, article: "test article" }],
      emergency: { maxCalendarDays: 7, article: "test article" },
      purposes: ["verification"],
      legalBases: [],
      laterNotices: "stand",
      calendar: [{ year: 2026, notice: "made up", holidays: ["2026-01-01"], makeUpDays: [] }],
      bureau: "BureauMSP",
      founders: DEPARTMENTS,
      demo: true,
      opened: "2026-03-02T00:00:00Z",
    },
  };
}

export const tick = (time: string): Command => ({ noun: "clock", case: null, type: "tick", body: { time } });

function join(mspId: string): Command {
  const body = { name: mspId, level: "municipal", head: "1", deputy: "2", stewards: ["3"] };
  return { noun: "member", case: null, type: "join", body };
}

/** The simplest case that takes its transaction's id. */
export function publishDemand(name: string, addressee = "PoliceMSP"): Command {
  const body = { name, description: `the ${name}`, purpose: "verification", duty: "test duty", addressee };
  return { noun: "demand", case: null, type: "publish", body };
}

export const withdrawDemand = (id: string): Command => ({ noun: "demand", case: id, type: "withdraw", body: {} });

async function identityIn(
  world: World,
  mspId: string,
  name: string,
  unit: "peer" | "orderer",
): Promise<SigningIdentity> {
  const organisation = world.organisations.get(mspId);
  if (organisation === undefined) throw new Error(`there is no ${mspId}`);
  return new SigningIdentity(mspId, await organisation.identities.issue({ kind: "identity", unit, name }));
}

function signerOf(privateKey: string): Signer["sign"] {
  return signWith(createPrivateKey(privateKey));
}
