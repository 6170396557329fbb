import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import { expect } from "chai";
import { CIVIL, digest, HEALTH, note } from "./bodies.js";
import { grown, logSigner } from "./grown-log.js";
import { officer, World } from "./world.js";

const node = officer(HEALTH, "node");
const signer = logSigner(HEALTH, 1);
const opening = { key: formatVerifierKey(signer.key), checkpoint: signCheckpoint(EMPTY_TREE, signer) };
const ledger = { blocks: 40, root: digest("4") };

function opened(): World {
  const world = World.opened();
  world.act(node, { noun: "log", type: "open", body: opening });
  world.act(node, { noun: "log", type: "anchor", case: HEALTH, body: { ...grown(0, 6, signer), ledger } });
  return world;
}

const anchor = (world: World, body: object, actor = node) =>
  world.refusal(actor, { noun: "log", type: "anchor", case: HEALTH, body: { ledger, ...body } }).code;

describe("log", () => {
  it("is anchored where it grew and proves it, hour by hour even where it did not", () => {
    const world = opened();
    world.act(node, { noun: "log", type: "anchor", case: HEALTH, body: { ...grown(6, 9, signer), ledger } });
    world.tick("2026-09-28T02:00:00Z");
    world.act(node, { noun: "log", type: "anchor", case: HEALTH, body: { ...grown(9, 9, signer), ledger } });
    expect(world.state("log", HEALTH)).to.include({ size: 9, anchors: 3, anchored: "2026-09-28T02:00:00Z" });
  });

  it("is refused where it shrank, was rewritten, or does not prove that it extends the last", () => {
    const world = opened();
    expect(anchor(world, grown(0, 5, signer))).to.equal("LOG_SHRANK");
    expect(
      anchor(
        world,
        grown(6, 9, signer, (index) => `other ${index}`),
      ),
    ).to.equal("LOG_REWRITTEN");
    expect(
      anchor(
        world,
        grown(6, 6, signer, (index) => `other ${index}`),
      ),
    ).to.equal("LOG_REWRITTEN");
    expect(anchor(world, { ...grown(6, 9, signer), consistency: [] })).to.equal("LOG_REWRITTEN");
    expect(anchor(world, { ...grown(5, 9, signer) })).to.equal("LOG_REWRITTEN");
  });

  it("is signed by its own key, named after its department", () => {
    const world = opened();
    expect(anchor(world, grown(6, 9, logSigner(HEALTH, 2)))).to.equal("BAD_SIGNATURE");
    const { checkpoint, consistency } = grown(6, 9, signer);
    expect(anchor(world, { checkpoint: checkpoint.replace("\n9\n", "\n10\n"), consistency })).to.equal("BAD_SIGNATURE");
    expect(anchor(world, grown(6, 9, signer), officer(CIVIL, "node"))).to.equal("NOT_OWNER");
    const foreign = logSigner(CIVIL, 3);
    const body = { key: formatVerifierKey(foreign.key), checkpoint: signCheckpoint(EMPTY_TREE, foreign) };
    expect(World.opened().refusal(node, { noun: "log", type: "open", body }).code).to.equal("NOT_OWNER");
  });

  it("begins empty, with proof that its key is there", () => {
    const open = (body: object) => World.opened().refusal(node, { noun: "log", type: "open", body }).code;
    expect(open({ ...opening, checkpoint: grown(0, 3, signer).checkpoint })).to.equal("BAD_PROOF");
    expect(open({ ...opening, checkpoint: signCheckpoint(EMPTY_TREE, logSigner(HEALTH, 2)) })).to.equal(
      "BAD_SIGNATURE",
    );
  });

  it("changes its key only with the tree as it was anchored", () => {
    const world = opened();
    const next = logSigner(HEALTH, 2);
    const rotate = (size: number, entry?: (index: number) => string) =>
      ({
        noun: "log",
        type: "rotate",
        case: HEALTH,
        body: { key: formatVerifierKey(next.key), checkpoint: grown(0, size, next, entry).checkpoint },
      }) as const;
    const administrator = officer(HEALTH, "administrator");
    expect(world.refusal(administrator, rotate(7)).code).to.equal("LOG_REWRITTEN");
    expect(
      world.refusal(
        administrator,
        rotate(6, () => "x"),
      ).code,
    ).to.equal("LOG_REWRITTEN");
    expect(world.refusal(node, rotate(6)).code).to.equal("NOT_PERMITTED");
    world.act(administrator, rotate(6));
    expect(anchor(world, grown(6, 9, signer))).to.equal("BAD_SIGNATURE");
    world.act(node, { noun: "log", type: "anchor", case: HEALTH, body: { ...grown(6, 9, next), ledger } });
  });

  describe("that cannot go on", () => {
    const administrator = officer(HEALTH, "administrator");
    const beginning = (seed: number, ordinal: number, size = 0) => {
      const key = logSigner(HEALTH, seed, ordinal);
      const { checkpoint } = grown(0, size, key);
      return { key: formatVerifierKey(key.key), checkpoint, reasons: note };
    };
    const anew = (body: object) => ({ noun: "log", type: "beginAnew", case: HEALTH, body }) as const;

    it("ends at its last anchor, for all to see, and another begins with nothing in it", () => {
      const world = opened();
      const { anchors } = world.state("log", HEALTH);
      world.act(administrator, anew(beginning(2, 2)));
      const { anchored, ...state } = world.state("log", HEALTH);
      expect(anchored).to.equal(undefined);
      expect(state).to.deep.include({ size: 0, anchors, former: { logs: 1, records: 6 }, ledger });
      expect(anchor(world, grown(6, 9, signer)), "with the former key").to.equal("BAD_SIGNATURE");
      const next = logSigner(HEALTH, 2, 2);
      world.act(node, { noun: "log", type: "anchor", case: HEALTH, body: { ...grown(0, 3, next), ledger } });
      const shrunk = { blocks: ledger.blocks - 1, root: ledger.root };
      expect(anchor(world, { ...grown(3, 4, next), ledger: shrunk })).to.equal("BAD_PROOF");
      world.act(administrator, anew(beginning(3, 3)));
      expect(world.state("log", HEALTH).former).to.deep.equal({ logs: 2, records: 9 });
    });

    it("is followed by an empty one under a name of its own alone, by an administrator", () => {
      const world = opened();
      expect(world.refusal(administrator, anew(beginning(2, 1))).code, "the former's name").to.equal("NOT_OWNER");
      expect(world.refusal(administrator, anew(beginning(2, 3))).code, "one after the next").to.equal("NOT_OWNER");
      expect(world.refusal(administrator, anew(beginning(2, 2, 4))).code, "not empty").to.equal("BAD_PROOF");
      expect(world.refusal(node, anew(beginning(2, 2))).code).to.equal("NOT_PERMITTED");
      expect(world.refusal(officer(CIVIL, "administrator"), anew(beginning(2, 2))).code).to.equal("NOT_OWNER");
    });

    it("can be followed a hundred times", () => {
      const world = opened();
      for (let at = 1; at <= 100; at += 1) world.act(administrator, anew(beginning(2, at + 1)));
      expect(world.refusal(administrator, anew(beginning(2, 102))).code).to.equal("LIMIT_REACHED");
    }).timeout(20_000);
  });

  it("carries a ledger tree that only grows", () => {
    const world = opened();
    expect(anchor(world, { ...grown(6, 9, signer), ledger: { blocks: 39, root: digest("4") } })).to.equal("BAD_PROOF");
    expect(anchor(world, { ...grown(6, 9, signer), ledger: { blocks: 40, root: digest("5") } })).to.equal("BAD_PROOF");
  });
});
