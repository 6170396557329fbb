import { LedgerError } from "@wanlian/model/errors.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Actor } from "@wanlian/model/kernel/act.js";
import { CertificateAuthority, type Credential } from "@wanlian/network/certificates/authority.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { NetworkError } from "@wanlian/network/error.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import { basisOf } from "@wanlian/scripts/story/basis.js";
import type { Fate } from "@wanlian/scripts/story/operator.js";
import { expect } from "chai";
import { onEveryNetwork, PILOT_START_MS } from "../pilot/shared.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { Attacker, Disguised } from "./attacker.js";
import { conditionalEntry } from "./catalogue-entry.js";
import { oddCertificates } from "./odd-certificates.js";
import { messageOf, messages, SPELLINGS } from "./odd-creators.js";

const OWN = "410002";
const OTHER = "410001";

/** Whom a creator makes act; undefined where it is nobody. Anything else than a refusal by the rules is a failure. */
function officerIn(creator: Uint8Array): Actor | undefined {
  try {
    return officerBehind(creator);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "NOT_A_CLIENT") return undefined;
    throw error;
  }
}

/** Odd certificates in which an officer can be read all the same, and the roles that they give. */
const READABLE: Readonly<Record<string, readonly string[]>> = {
  "number and unit in one part, in the wrong order": ["user"],
  "the number before the unit": ["user"],
  "the unit twice": ["user"],
  "two units": ["user"],
  "a number in T61": ["user"],
  "a number in IA5": ["user"],
  "a number in printable characters": ["user"],
  "a unit in T61": ["user"],
  "a serial number in more octets": ["user"],
  "its key in the short form of its point": ["user"],
  "its key in the form that is both": ["user"],
  "another version": ["user"],
  "an empty part": ["user"],
  "its attributes twice": [],
  "one attribute twice": [],
  "one attribute twice, once in escapes": [],
  "attributes that are no object": [],
  "attributes with text behind them": [],
  "attributes in another encoding": [],
};

describe("a certificate that an authority has made oddly", () => {
  let odd: ReturnType<typeof oddCertificates>;
  let privateKey: string;
  let msp: Msp;

  before(async () => {
    const { authority, ...root } = await CertificateAuthority.create("ca.CivilMSP", "civil affairs");
    const profile = { kind: "identity", unit: "client", name: OWN, roles: ["user"] } as const;
    const honest = await authority.issue(profile);
    ({ privateKey } = honest);
    odd = oddCertificates(honest.certificate, root.privateKey, OWN, OTHER);
    const unit = (organizationalUnitIdentifier: string) => ({ organizationalUnitIdentifier });
    const config = FabricMSPConfig.encode({
      name: "CivilMSP",
      rootCerts: [Buffer.from(root.certificate)],
      fabricNodeOus: {
        enable: true,
        ...{ clientOuIdentifier: unit("client"), peerOuIdentifier: unit("peer") },
        ...{ adminOuIdentifier: unit("admin"), ordererOuIdentifier: unit("orderer") },
      },
    });
    msp = new Msp(MSPConfig.create({ config }), "v3");
    const creator = new SigningIdentity("CivilMSP", honest).creator;
    expect(isTaken(creator), "the honest one").to.equal(true);
    expect(officerIn(creator)).to.deep.include({ officer: OWN, roles: ["user"] });
  });

  function isTaken(creator: Uint8Array): boolean {
    try {
      msp.deserialize(creator).validate();
      return true;
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  }

  it("is its own officer's with the roles that it gives once, or nobody's; never another's", () => {
    const read = odd.flatMap(({ what, certificate }) => {
      const found = officerIn(new SigningIdentity("CivilMSP", { certificate, privateKey }).creator);
      expect(found?.officer ?? OWN, what).to.equal(OWN);
      return found === undefined ? [] : [[what, found.roles]];
    });
    expect(Object.fromEntries(read)).to.deep.equal(READABLE);
  });

  it("is taken by the peers' reader only where the rules read that officer, or nobody", () => {
    const taken = odd.filter(({ certificate }) =>
      isTaken(new SigningIdentity("CivilMSP", { certificate, privateKey }).creator),
    );
    expect(taken.length, "odd certificates that an MSP takes").to.be.greaterThan(0);
    for (const { what, certificate } of taken) {
      const found = officerIn(new SigningIdentity("CivilMSP", { certificate, privateKey }).creator);
      expect(found?.officer ?? OWN, what).to.equal(OWN);
    }
  });
});

/** What a peer and what lies behind it make of a creator. */
interface Readings {
  /** By an honest peer's endorsement: its contract's reader, or that the peer would have none of it. */
  readonly endorsing: string;
  /** By validation and the fold; or that it was not ordered, or found invalid. */
  readonly folding: string;
}

/** What peers take for a user's creator beside its one form, Fabric 3.1.5's and ours alike. */
const TAKEN_SPELLINGS: readonly string[] = [
  "a certificate behind a mark, and the real one behind it",
  "text before the block",
  "a blank line before the block",
  "another block behind it",
  "text behind the block",
  "a newline more",
  "a newline less",
  "CRLF",
  "a header in the block",
  "another label",
  "a label in small letters",
  "longer lines",
  "one line",
  "spaces in the base64",
  "bits left over in the last character",
  "fields the other way round",
  "a department before it",
  "another certificate before it",
  "a field more",
  "a length in more bytes",
];
const TAKEN_CERTIFICATES: readonly string[] = [
  "two numbers, the own one first",
  "two numbers, the own one last",
  "two numbers in one part of the name",
  "number and unit in one part, in the wrong order",
  "the number before the unit",
  "no number",
  "a number with an end in it",
  "a number in T61",
  "a number in IA5",
  "a number in printable characters",
  "a number in two-octet characters",
  "a unit in T61",
  "an empty part",
  "an attribute with more behind its value",
  "one attribute twice",
  "one attribute twice, once in escapes",
  "attributes that are no object",
  "attributes with text behind them",
  "attributes in another encoding",
  "something behind the extensions",
  "the extensions twice",
  "a name behind the extensions",
  "another version",
];

const NOBODY = "nobody";
const REFUSED = "refused before anybody reads it";

/**
 * Trust, row "an officer", over the wire: whatever bytes stand where the creator does, no two readers differ on who it is.
 * Peers and orderer decide whose they are by Fabric's own code where it is at hand.
 */
onEveryNetwork("attacks › a creator in other bytes", function (shared) {
  this.timeout(120_000);
  const mspId = "CivilMSP";
  let pilot: RunningPilot;
  let attacker: Attacker;
  let honest: Credential;
  let other: Credential;
  let root: string;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    attacker = new Attacker(pilot);
    const { authority, privateKey } = await attacker.authority(mspId);
    root = privateKey;
    honest = await authority.issue({ kind: "identity", unit: "client", name: OWN, roles: ["user"] });
    other = await authority.issue({ kind: "identity", unit: "client", name: OTHER, roles: ["steward"] });
    for (const node of pilot.mspIds) await pilot.desk(node, "user");
  });

  /** What our reader says, in the words of the others. */
  function read(creator: Uint8Array): string {
    const found = officerIn(creator);
    return found === undefined ? NOBODY : `${found.officer} has ${found.roles.join(", ") || "none"}`;
  }

  /** Asks for what takes a steward: the contract's refusal names the officer that it reads, and the roles. */
  async function endorsing(identity: SigningIdentity, basis: readonly object[]): Promise<string> {
    const own = { noun: "dataset", case: `${mspId}/by-other-bytes`, act: 0, next: 1 };
    const input = { case: own.case, body: conditionalEntry("by-other-bytes"), basis: [own, ...basis] };
    const operator = attacker.operatorWith(identity, "");
    const said = await refusalOf(operator.askHonestly(pilot.peer(mspId), "dataset:register", input));
    if (said.includes("NOT_A_CLIENT:")) return NOBODY;
    return /NOT_PERMITTED:.*; (\S+ has [a-z, ]+)/.exec(said)?.[1] ?? REFUSED;
  }

  /** Writes what is void whoever it is by, with all departments' endorsements. Undefined: nobody took it. */
  async function writing(identity: SigningIdentity): Promise<Fate | undefined> {
    const set = { writes: [{ key: "by other bytes", value: Buffer.from("x") }] };
    try {
      const fate = await attacker.write(identity, pilot.mspIds, set);
      return fate.code === "VALID" ? fate : undefined;
    } catch (error) {
      if (error instanceof NetworkError && error.code === "REFUSED") return undefined;
      throw error;
    }
  }

  /** Whom the folds read, by transaction: the alarm names it. All nodes have to read the same. */
  async function folding(fates: readonly (Fate | undefined)[]): Promise<ReadonlyMap<string, string>> {
    await pilot.foldedEverywhere(Math.max(0, ...fates.map((fate) => fate?.block ?? 0)));
    const [first, ...others] = await Promise.all(
      pilot.mspIds.map(async (node) => {
        const alarms = await (await pilot.desk(node, "user")).all<ShownAlarm>("alarms");
        return new Map(
          alarms.map(({ detail }) => [detail.transaction, detail.officer === "" ? NOBODY : detail.officer]),
        );
      }),
    );
    for (const fate of fates) {
      if (fate === undefined) continue;
      const { transactionId } = fate;
      expect(first?.get(transactionId), "in an alarm").to.be.a("string");
      for (const node of others) expect(node.get(transactionId), transactionId).to.equal(first?.get(transactionId));
    }
    return first ?? new Map();
  }

  async function readings(creators: readonly OddCreator[]): Promise<Readings[]> {
    const basis = await basisOf(await pilot.desk(mspId, "user"), [{ noun: "member", case: mspId }]);
    const identities = creators.map(([, creator]) => new Disguised(mspId, honest, creator));
    const endorsed = await Promise.all(identities.map((identity) => endorsing(identity, basis)));
    const fates = await Promise.all(identities.map(writing));
    const folded = await folding(fates);
    return fates.map((fate, at) => ({
      endorsing: endorsed[at] ?? REFUSED,
      folding: fate === undefined ? REFUSED : (folded.get(fate.transactionId) ?? REFUSED),
    }));
  }

  /** None may be somebody to one reader and somebody else, or nobody, to another. @returns those that peers took */
  async function expectOneReading(creators: readonly OddCreator[]): Promise<string[]> {
    const all = await readings(creators);
    const taken: string[] = [];
    for (const [at, [what, creator]] of creators.entries()) {
      const own = read(creator);
      expect(all[at]?.endorsing, `${what}: the contract`).to.be.oneOf([own, REFUSED]);
      expect(all[at]?.folding, `${what}: the fold`).to.be.oneOf([own.split(" ")[0], REFUSED]);
      if (all[at]?.folding !== REFUSED) taken.push(what);
    }
    return taken;
  }

  it("is the officer whose certificate it is, to every reader", async () => {
    expect(await readings([["its one form", messageOf(mspId, honest.certificate)]])).to.deep.equal([
      { endorsing: `${OWN} has user`, folding: OWN },
    ]);
  });

  it("is nobody in another spelling of its PEM or of its message", async () => {
    const [own, steward] = [honest.certificate, other.certificate];
    const spelled = Object.entries(SPELLINGS).map(
      ([what, spell]) => [what, messageOf(mspId, spell(own, steward))] as const,
    );
    const taken = await expectOneReading([...spelled, ...Object.entries(messages(mspId, own, steward))]);
    expect(taken, "which peers take, as Fabric's do").to.deep.equal(TAKEN_SPELLINGS);
  });

  it("is its own officer, or nobody, with a certificate that its authority has made oddly", async () => {
    const odd = oddCertificates(honest.certificate, root, OWN, OTHER);
    const taken = await expectOneReading(
      odd.map(({ what, certificate }) => [what, messageOf(mspId, certificate)] as const),
    );
    expect(taken, "which peers take, as Fabric's do").to.deep.equal(TAKEN_CERTIFICATES);
  });
});

type OddCreator = readonly [what: string, creator: Uint8Array];

interface ShownAlarm {
  readonly detail: { readonly transaction: string; readonly officer: string };
}

async function refusalOf(asking: Promise<string>): Promise<string> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
}
