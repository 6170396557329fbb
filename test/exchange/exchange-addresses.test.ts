import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection/index.js";
import { ExchangeAddresses } from "@wanlian/client/running/exchange-addresses.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";

type Database = Awaited<ReturnType<typeof openDatabase>>;

/** As a node is one: a method of it knows what it belongs to. */
class Services {
  readonly department = "BureauMSP";
  readonly #model: typeof model2;

  constructor(model: typeof model2) {
    this.#model = model;
  }

  model() {
    return this.#model;
  }
}

describe("where other departments' exchanges are", () => {
  let directory: string;
  let db: Database;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-addresses-"));
    db = await openDatabase({ directory, url: undefined });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  async function state(department: string, exchange?: string): Promise<void> {
    const text = JSON.stringify({ status: "active", ...(exchange === undefined ? {} : { exchange }) });
    await db.deleteFrom("cases").where("case_id", "=", department).execute();
    await db
      .insertInto("cases")
      .values({
        ...{ noun: "member", case_id: department, status: "active", act: 1, next: 2, transaction_id: "a".repeat(64) },
        ...{ opened_block: 1n, changed_block: 1n, changed_tx: 0, expires: "", search_text: "", state: text },
        ...{ opened_time: "2026-09-28T01:00:00Z", changed_time: "2026-09-28T01:00:00Z" },
      })
      .execute();
  }
  const known = (model = model2) =>
    new ExchangeAddresses(new Services(model), db, {
      BureauMSP: "bureau:1",
      CivilMSP: "configured:1",
      PoliceMSP: "configured:2",
    });

  it("is what each says on the ledger, else what the configuration has, and never the own one from the ledger", async () => {
    await state("CivilMSP", "stated:1");
    await state("PoliceMSP");
    await state("TaxMSP", "stated:3");
    await state("BureauMSP", "stated:4");
    const addresses = known();
    await addresses.refresh();
    expect(Object.fromEntries(addresses.all)).to.deep.equal({
      BureauMSP: "bureau:1",
      CivilMSP: "stated:1",
      PoliceMSP: "configured:2",
      TaxMSP: "stated:3",
    });
  });

  it("moves when a department says another, in the map that connections go by", async () => {
    const addresses = known();
    const { all } = addresses;
    await state("CivilMSP", "stated:1");
    await addresses.refresh();
    await state("CivilMSP", "moved:1");
    await addresses.refresh();
    expect(all.get("CivilMSP")).to.equal("moved:1");
  });

  it("is the configuration's where the rules in force know of no such statement", async () => {
    await state("CivilMSP", "stated:1");
    const addresses = known(model1);
    await addresses.refresh();
    expect(addresses.all.get("CivilMSP")).to.equal("configured:1");
  });

  it("is followed until it is told to stop", async () => {
    const stopping = new AbortController();
    const following = known().keepFresh(stopping.signal);
    stopping.abort();
    await following;
  });
});
