import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { digestProjection } from "@wanlian/client/projection/digest.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import fc from "fast-check";
import { change, changed } from "../../model/nasty.js";
import { SEED } from "../../random.js";
import {
  CHAINCODE,
  CHANNEL,
  publishDemand,
  TestLedger,
  type TestOfficer,
  type WriteSet,
  writesOf,
} from "../test-ledger.js";

const TRANSACTIONS = 150;

describe(`a projection (seed ${SEED})`, function () {
  this.timeout(120_000);
  let ledger: TestLedger;
  let user: TestOfficer;
  let directory: string;

  before(async () => {
    ledger = await TestLedger.opened();
    user = await ledger.officer("CivilMSP", "1001", "user");
    directory = await mkdtemp(join(tmpdir(), "wanlian-totality-"));
  });

  after(async () => {
    await rm(directory, { recursive: true });
    await ledger.remove();
  });

  const append = (sets: Readonly<Record<string, WriteSet>>) =>
    ledger.append([{ envelope: ledger.forge(user, sets).envelope, code: 0 }]);

  it("goes on past whatever valid transactions wrote, the same whether it was stopped in between or not", async () => {
    const act = ledger.decide(user, publishDemand("births"), "0".repeat(64));
    const changes = fc.sample(fc.array(change, { minLength: 1, maxLength: 3 }), { numRuns: TRANSACTIONS, seed: SEED });
    for (const made of changes) {
      const value = Buffer.from(JSON.stringify(made.reduce<unknown>(changed, act)) ?? "");
      const { envelope } = ledger.forge(user, (id) => {
        const honest = writesOf({ ...act, case: id }, id);
        return { [CHAINCODE]: { ...honest, writes: (honest.writes ?? []).map((write) => ({ ...write, value })) } };
      });
      ledger.append([{ envelope, code: 0 }]);
    }
    const id = "f".repeat(64) as Parameters<typeof encodeActKey>[1];
    const honestKey = encodeActKey({ noun: "clock", case: "clock", number: 2 }, id);
    const pairAt199 = `${"k".repeat(199)}\u{1f600}`;
    for (const key of ["", "\u0000", pairAt199, `${honestKey}\u{10ffff}`, honestKey.slice(0, -1), "x".repeat(20_000)]) {
      append({ [CHAINCODE]: { writes: [{ key, value: Buffer.from([0xff, 0xfe]) }] } });
      append({ [CHAINCODE]: { writes: [{ key, isDelete: true }] } });
      append({ [CHAINCODE]: { metadataWrites: [{ key, entries: [{ name: "\u0000", value: Buffer.from([1]) }] }] } });
    }
    for (const field of ["Sequence", "EndorsementInfo", "ValidationInfo", "Collections", "Other", ""]) {
      const key = `namespaces/fields/${CHAINCODE}/${field}`;
      append({ _lifecycle: { writes: [{ key, value: Buffer.from([0xff, 0xff, 0xff]) }] } });
    }
    const straight = await foldAll("straight", ledger.blocks.length, 1);
    expect(straight.height).to.equal(ledger.blocks.length);
    expect(await foldAll("stopped", 7, 3)).to.deep.equal(straight);
  });

  /** Folds the whole ledger, opening the database anew after so many blocks each, and taking so many in together. */
  async function foldAll(name: string, blocksAtOnce: number, together: number) {
    const folder = await mkdtemp(join(directory, name));
    for (let from = 0; from < ledger.blocks.length; from += blocksAtOnce) {
      const db = await openDatabase({ directory: folder, url: undefined });
      const projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
      const blocks = ledger.blocks.slice(from, from + blocksAtOnce).map(readBlock);
      for (let at = 0; at < blocks.length; at += together) await projection.takeAll(blocks.slice(at, at + together));
      await db.destroy();
    }
    const db = await openDatabase({ directory: folder, url: undefined });
    return digestProjection(db).finally(() => db.destroy());
  }
});
