import { generateKeyPairSync } from "node:crypto";
import type { Command } from "@wanlian/client/core/services.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { formatVerifierKey, noteSigner } from "@wanlian/model/note.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { CHANNEL } from "../client/test-ledger.js";
import { BUREAU, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";

/** No member by the channel's configuration, so as a department that has joined since was none when the log was anchored. */
const NEWCOMER = "OrdererMSP" as MspId;

describe("evidence of what was before the members changed", () => {
  let world: EvidenceWorld;
  before(async () => {
    world = await EvidenceWorld.make();
  });
  after(() => world.remove());

  /** A log of its own, with one entry, and what it has seen of the ledger. */
  async function beginsAndAnchors(department: MspId): Promise<void> {
    const { ledger, act } = world.exchange;
    const node = await ledger.officer(department, "node", "node");
    const log = noteSigner(`${CHANNEL}/log/${department}`, generateKeyPairSync("ed25519").privateKey);
    const administrator = await ledger.officer(department, "9001", "administrator");
    const [mover, second] = [
      await ledger.officer(BUREAU, "9001", "administrator"),
      await ledger.officer(PROVIDER, "9001", "administrator"),
    ];
    const consortium = (type: string, body: Command["body"]) =>
      ({ noun: "consortium", case: null, type, body }) as const;
    await act(mover, consortium("propose", { kind: "admit", subject: department, name: department }));
    const motion = ledger.head({ noun: "consortium", case: "consortium" }).act;
    await act(second, consortium("vote", { motion, vote: "inFavour" }));
    const asMember = { name: department, level: "municipal", head: "1", deputy: "2", stewards: ["3"] };
    await act(administrator, { noun: "member", case: null, type: "join", body: asMember });
    const own = { noun: "log", case: department } as const;
    const [begun, grown] = [EMPTY_TREE, { size: 1, root: leafHash(Buffer.from("an entry")) }].map((head) =>
      signCheckpoint(head, log),
    );
    await act(node, { ...own, type: "open", body: { key: formatVerifierKey(log.key), checkpoint: begun } });
    const seen = await world.ledgerRoot();
    await act(node, { ...own, type: "anchor", body: { checkpoint: grown, consistency: [], ledger: seen } });
  }

  it("has no witness that was no member when the log was anchored, though it keeps a log and anchors by now", async () => {
    const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
    await world.witness();
    await beginsAndAnchors(NEWCOMER);
    expect((await world.parts.history.anchors(NEWCOMER)).length, "it anchors").to.equal(1);
    const { verdict, steps } = await verifyEvidence(await world.evidence(signed), world.trust);
    expect(verdict, JSON.stringify(steps, null, 1)).to.equal("proven");
  });
});
