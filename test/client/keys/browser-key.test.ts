import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { KeyError } from "@wanlian/client/core/key-error.js";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { Sessions } from "@wanlian/client/keys/officers/sessions.js";
import { SigningDesks, type SigningRequest } from "@wanlian/client/keys/officers/signing-desk.js";
import { signWith } from "@wanlian/client/keys/signing.js";
import { statementBytes } from "@wanlian/verify";
import { expect } from "chai";
import { officerWorld, type World } from "./officer.js";

const CHANNEL = { channel: "pilot", department: "CivilAffairsMSP" };

interface Key {
  readonly privateKey: KeyObject;
  readonly certificate: string;
}

async function browserKey({ organisation }: World, officer: string): Promise<Key> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = await organisation.addOfficer(officer, ["user"], certificateRequest(officer, privateKey));
  return { privateKey, certificate };
}

/** The same signature, to whoever does not insist on one form: s becomes the curve's order less s. */
function highS(signature: Uint8Array): Uint8Array {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const rLength = signature[3] ?? 0;
  const s = BigInt(`0x${Buffer.from(signature.subarray(6 + rLength)).toString("hex")}`);
  const bytes = Buffer.from((order - s).toString(16).padStart(64, "0"), "hex");
  const padded = (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]);
  const body = Buffer.concat([signature.subarray(2, 4 + rLength), Buffer.from([0x02, padded.length]), padded]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

const codeOf = async (asked: Promise<unknown>): Promise<string> =>
  await asked.then(
    () => "taken",
    (error: unknown) => (error instanceof KeyError ? error.code : String(error)),
  );

describe("a key that the node never has", () => {
  let world: World;
  let own: Key;
  let other: Key;
  let now: Date;
  let sessions: Sessions;
  let refused: KeyError | undefined;

  before(async () => {
    world = await officerWorld();
    own = await browserKey(world, "CA-0001");
    other = await browserKey(world, "CA-0002");
    for (const { certificate } of [own, other]) await world.store.enrolBrowserKey(certificate);
  });
  after(() => world.remove());
  beforeEach(() => {
    now = new Date();
    refused = undefined;
    sessions = new Sessions(
      world.store,
      () => now,
      () => refused,
    );
  });

  interface Asked {
    readonly officer?: string;
    readonly by?: KeyObject;
    /** What of the statement is another's. */
    readonly says?: Readonly<Record<string, unknown>>;
    readonly statement?: "log-in" | "answer";
    readonly nonce?: string;
    readonly change?: (signature: Uint8Array) => Uint8Array;
  }
  async function logIn({ officer = "CA-0001", by = own.privateKey, says = {}, statement = "log-in", ...more }: Asked) {
    const { nonce = sessions.nonce(), change = (signature: Uint8Array) => signature } = more;
    const message = statementBytes(statement, { schema: 1, ...CHANNEL, officer, nonce, ...says } as never);
    const signature = change(await signWith(by)(message));
    return await sessions.logInBySignature({ officer, nonce, signature }, CHANNEL);
  }

  it("logs in by what it signs just now, and the node holds none", async () => {
    const { token, session } = await logIn({});
    expect(session.holder).to.deep.equal({ kind: "browser" });
    expect(sessions.find(token)?.officer.officer).to.equal("CA-0001");
  });

  const REFUSED: readonly [string, () => Asked, string][] = [
    ["another officer's key", () => ({ by: other.privateKey }), "BAD_SIGNATURE"],
    ["a statement for another channel", () => ({ says: { channel: "another" } }), "BAD_SIGNATURE"],
    ["a statement for another department's node", () => ({ says: { department: "TaxMSP" } }), "BAD_SIGNATURE"],
    ["a statement by another officer", () => ({ says: { officer: "CA-0002" } }), "BAD_SIGNATURE"],
    ["a statement over another nonce", () => ({ says: { nonce: "00".repeat(32) } }), "BAD_SIGNATURE"],
    ["what was signed as something else", () => ({ statement: "answer" }), "BAD_SIGNATURE"],
    ["a nonce that the node did not give", () => ({ nonce: "ab".repeat(32) }), "BAD_SIGNATURE"],
    ["the other form of a right signature", () => ({ change: highS }), "BAD_SIGNATURE"],
    ["no signature", () => ({ change: () => new Uint8Array() }), "BAD_SIGNATURE"],
    ["an officer who is not enrolled", () => ({ officer: "CA-0009" }), "UNKNOWN_OFFICER"],
  ];
  for (const [what, asked, code] of REFUSED) {
    it(`does not log in with ${what}: ${code}`, async () => {
      expect(await codeOf(logIn(asked()))).to.equal(code);
    });
  }

  it("logs in once by one nonce, though the first time failed", async () => {
    for (const by of [own.privateKey, other.privateKey]) {
      const nonce = sessions.nonce();
      await codeOf(logIn({ nonce, by }));
      expect(await codeOf(logIn({ nonce }))).to.equal("BAD_SIGNATURE");
    }
  });

  for (const [passed, code] of [
    [59_999, "taken"],
    [60_000, "BAD_SIGNATURE"],
  ] as const) {
    it(`logs in within a minute of the nonce: ${passed} ms after it, ${code}`, async () => {
      const nonce = sessions.nonce();
      now = new Date(now.getTime() + passed);
      expect(await codeOf(logIn({ nonce }))).to.equal(code);
    });
  }

  it("logs in by a nonce that 999 others were asked for after, and by none that a thousand were", async () => {
    for (const [others, code] of [
      [999, "taken"],
      [1000, "BAD_SIGNATURE"],
    ] as const) {
      const nonce = sessions.nonce();
      for (let at = 0; at < others; at += 1) sessions.nonce();
      expect(await codeOf(logIn({ nonce })), `${others} others`).to.equal(code);
    }
  });

  it("does not log in while the channel does not take its certificate, nor after the certificate's day", async () => {
    refused = new KeyError("CERTIFICATE_REFUSED", "revoked");
    expect(await codeOf(logIn({}))).to.equal("CERTIFICATE_REFUSED");
    refused = undefined;
    now = new Date(Date.parse(new X509Certificate(own.certificate).validTo) + 1000);
    expect(await codeOf(logIn({}))).to.equal("CERTIFICATE_NOT_VALID");
  });

  it("keeps ten sessions of an officer: the oldest gives way to the eleventh, and no other officer's does", async () => {
    const theirs = await logIn({ officer: "CA-0002", by: other.privateKey });
    const tokens: string[] = [];
    for (let at = 0; at < 11; at += 1) tokens.push((await logIn({})).token);
    const lasting = tokens.map((token) => sessions.lasts(token));
    expect(lasting).to.deep.equal([false, ...Array(10).fill(true)]);
    expect(sessions.lasts(theirs.token)).to.equal(true);
  });
});

describe("a signing desk", () => {
  let world: World;
  let own: Key;
  let desks: SigningDesks;
  const MESSAGE = Buffer.from("what the officer decided");

  before(async () => {
    world = await officerWorld();
    own = await browserKey(world, "CA-0001");
  });
  after(() => world.remove());
  beforeEach(() => {
    desks = new SigningDesks();
  });

  /** Has the message signed at a desk where a page does this. */
  const signed = (page: (request: SigningRequest) => void, desk: string | undefined = "desk") => {
    desks.open("desk", page);
    return codeOf(desks.sign(desk, MESSAGE, new X509Certificate(own.certificate)));
  };
  const right = (message: Uint8Array) => signWith(own.privateKey)(message);

  const TABLE: readonly [string, (request: SigningRequest) => void, string][] = [
    ["hands in the signature", async ({ id, message }) => desks.signed("desk", id, await right(message)), "taken"],
    [
      "signs other bytes",
      async ({ id }) => desks.signed("desk", id, await right(Buffer.from("something else"))),
      "BAD_SIGNATURE",
    ],
    [
      "hands in the other form of the signature",
      async ({ id, message }) => desks.signed("desk", id, highS(await right(message))),
      "BAD_SIGNATURE",
    ],
    ["hands in junk", ({ id }) => desks.signed("desk", id, Buffer.from("junk")), "BAD_SIGNATURE"],
    ["will not sign", ({ id }) => desks.refused("desk", id, "not what was decided"), "SIGNATURE_REFUSED"],
  ];
  for (const [what, page, code] of TABLE) {
    it(`whose page ${what}: ${code}`, async () => expect(await signed(page)).to.equal(code));
  }

  it("is asked by its own name alone: SIGNATURE_MISSING", async () => {
    for (const desk of [undefined, "another"]) {
      desks = new SigningDesks();
      expect(await codeOf(desks.sign(desk, MESSAGE, new X509Certificate(own.certificate)))).to.equal(
        "SIGNATURE_MISSING",
      );
    }
  });

  it("takes no answer of another desk, none twice, and none that nobody waits for", async () => {
    const taken: boolean[] = [];
    const outcome = await signed(async ({ id, message }) => {
      const signature = await right(message);
      taken.push(desks.signed("another", id, signature), desks.refused("another", id, "no"));
      taken.push(desks.signed("desk", "no such request", signature), desks.signed("desk", id, signature));
      taken.push(desks.signed("desk", id, signature), desks.refused("desk", id, "no"));
    });
    expect(outcome).to.equal("taken");
    expect(taken).to.deep.equal([false, false, false, true, false, false]);
  });

  it("is one page's at a time, and whoever waits is told when that page goes", async () => {
    const close = desks.open("desk", () => close());
    expect(() => desks.open("desk", () => undefined))
      .to.throw(KeyError)
      .with.property("code", "SIGNATURE_MISSING");
    expect(await codeOf(desks.sign("desk", MESSAGE, new X509Certificate(own.certificate)))).to.equal(
      "SIGNATURE_MISSING",
    );
    expect(() => desks.open("desk", () => undefined)).not.to.throw();
  });

  it("that closes leaves those who wait at others alone", async () => {
    const asked: SigningRequest[] = [];
    desks.open("desk", (request) => asked.push(request));
    const close = desks.open("other", () => undefined);
    const waiting = codeOf(desks.sign("desk", MESSAGE, new X509Certificate(own.certificate)));
    close();
    const [request] = asked;
    expect(desks.signed("desk", request?.id ?? "", await right(MESSAGE))).to.equal(true);
    expect(await waiting).to.equal("taken");
  });
});
