import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCsvRelease } from "@wanlian/client/tables";
import type { DatasetId } from "@wanlian/model/identifiers.js";
import type { Role } from "@wanlian/model/roles.js";
import type { Language } from "@wanlian/protocol/language.js";
import { expect } from "chai";
import { inBrowser } from "./browser.js";
import { type Consortium, consortium, type Department } from "./departments.js";
import { Official } from "./official.js";

const DATASET = "CivilMSP/divisions" as DatasetId;
const TABLE = "code,name\n0371,宛城区\n0372,卧龙区\n0373,油田区\n";
const CORRECTED = TABLE.replace("油田区", "官庄区");
const SCENARIO = "户籍登记";

inBrowser("the whole story by three officials in three browsers at three nodes, with keys made there", function () {
  this.timeout(150_000);

  // Between the two each of them reads both languages; the second is for a night (WANLIAN_STORY=all).
  for (const reading of [
    { provider: "zh", consumer: "en", bureau: "zh" },
    ...(process.env.WANLIAN_STORY === "all" ? [{ provider: "en", consumer: "zh", bureau: "en" } as const] : []),
  ] as const) {
    const { provider, consumer, bureau } = reading;
    it(`goes from registering to settling: provider ${provider}, user ${consumer}, bureau ${bureau}`, async () => {
      await play(reading);
    });
  }
});

type Reading = Readonly<Record<"provider" | "consumer" | "bureau", Language>>;

async function play(reading: Reading): Promise<void> {
  const world = await consortium();
  const present: Official[] = [];
  const enter = async (language: Language, at: Department, number: string, roles: readonly Role[]) => {
    const official = await Official.at(language);
    present.push(official);
    await logIn(official, world, at, number, roles);
    return official;
  };
  try {
    const steward = await enter(reading.provider, world.provider, "0201", ["steward"]);
    const user = await enter(reading.consumer, world.consumer, "0301", ["user"]);
    const bureau = await enter(reading.bureau, world.bureau, "0101", ["administrator"]);

    await registerDataset(steward);
    await registerFirst(steward, world);
    await apply(user);
    await grant(steward);
    await lookUp(user);
    await findCell(user, steward);
    const downloaded = await download(user);
    expect(downloaded).to.equal(TABLE);
    await object(user, downloaded);
    await conclude(steward);
    await correct(steward, world);
    await dispute(user);
    await settle(bureau);
    await seeTheEnd(user);

    // What one node has of it, all have.
    for (const { node } of [world.bureau, world.provider, world.consumer]) {
      await node.folded(BigInt(world.ledger.blocks.length) - 1n);
      const { status } = await node.db
        .selectFrom("cases")
        .select("status")
        .where("noun", "=", "objection")
        .executeTakeFirstOrThrow();
      expect(status).to.equal("closed");
    }
    // What a search does not find, and who was not logged in yet, the browser itself complains of.
    for (const { complaints } of present) expect(complaints.filter((text) => !/40[14]/.test(text))).to.deep.equal([]);
  } finally {
    for (const official of present) await official.leave();
    await world.stop();
  }
}

/** A key is made in the browser, certified by the own department, and logs its officer in. */
async function logIn(
  official: Official,
  world: Consortium,
  at: Department,
  number: string,
  roles: readonly Role[],
): Promise<void> {
  const { page } = official;
  await page.goto(at.origin);
  await page.getByText(official.say("key.title")).click();
  await official.type({ officer: number });
  await official.button("key.make").click();
  const request = (await page.locator("pre").textContent()) ?? "";
  await official.type({ certificate: await world.certify(at, number, roles, request) });
  await official.button("key.install").click();
  await official.button("logIn.withKey").click();
  await page.locator("#main").waitFor();
}

async function registerDataset(steward: Official): Promise<void> {
  const { words } = steward;
  await steward.go("nav.catalogue");
  await steward.link(words.command("dataset", "register")).click();
  await steward.type({ code: "divisions", name: "行政区划代码", abstract: "县级以上行政区划代码" });
  await steward.add("category", "基础信息资源", "行政区划");
  await steward.type({ sourceSystem: "区划系统", format: "CSV" });
  const fields = steward.page.getByRole("group", { name: words.member("fields"), exact: true });
  for (const [at, [name, meaning]] of [
    ["code", "区划代码"],
    ["name", "区划名称"],
  ].entries()) {
    await fields.getByRole("button", { name: steward.say("do.add"), exact: true }).click();
    await steward.type({
      [`fields_${at}_name`]: name ?? "",
      [`fields_${at}_type`]: "字符型",
      [`fields_${at}_meaning`]: meaning ?? "",
      [`fields_${at}_sensitivity`]: "1",
    });
  }
  await steward.pick("share_class", words.value("share", "conditional"));
  await steward.choose("share_basis", /^共享办法/);
  await steward.pick("share_mode", words.value("mode", "interface"));
  await steward.pick("open_class", words.value("open", "closed"));
  await steward.type({ grade: "1" });
  await steward.choose("updateCycle", words.value("updateCycle", "yearly"));
  await steward.type({ published: "2026-03-01" });
  await steward.file();
}

/** The data lies where the node finds it, with the tree over its rows. @returns the file that says what it comes to */
async function offer({ provider, folder }: Consortium, name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  const made = await makeCsvRelease(path);
  const { rowRoot } = made.release;
  await provider.exchange.sources.add({ dataset: DATASET, rowRoot, rows: made.folder, place: { kind: "csv", path } });
  return join(made.folder, "release.json");
}

async function registerFirst(steward: Official, world: Consortium): Promise<void> {
  const made = await offer(world, "divisions-1.csv", TABLE);
  await steward.go("nav.catalogue");
  await steward.link("行政区划代码").click();
  await steward.link(steward.say("catalogue.register")).click();
  await registerRelease(steward, made);
}

async function registerRelease(steward: Official, made: string): Promise<void> {
  const { page } = steward;
  await page.locator("input[type=file]").setInputFiles(made);
  await page.getByRole("alert").getByText(steward.say("file.made.taken")).waitFor();
  await steward.type({ period_from: "2025-01-01", period_to: "2025-12-31" });
  await steward.file();
}

async function apply(user: Official): Promise<void> {
  const { words } = user;
  await user.go("nav.catalogue");
  await user.link("行政区划代码").click();
  await user.link(user.say("catalogue.apply")).click();
  await user.choose("fields", /^code/, /^name/);
  await user.pick("purpose", words.value("purpose", "lookup"));
  await user.type({ scenario: SCENARIO, duty: "户口登记", from: "2026-03-02", to: "2026-12-31" });
  await user.type({ frequency_calls: "100" });
  await user.pick("frequency_per", words.value("per", "day"));
  await user.pick("kind", words.value("kind", "ordinary"));
  await user.file();
}

async function grant(steward: Official): Promise<void> {
  await steward.go("nav.toDo");
  await steward.link(steward.words.command("application", "grant")).first().click();
  await steward.type({ conditions_text: "仅限户籍登记" });
  await steward.file();
}

/** A cell of an answer that was kept has a digest, by which its provider finds it, and shows it to nobody. */
async function findCell(user: Official, steward: Official): Promise<void> {
  const { page } = user;
  await user.type({ "subject-name": "" });
  await page.getByText(user.words.way("lookup"), { exact: true }).click();
  await user.button("data.ask").click();
  const saved = page.waitForEvent("download");
  await user.button("data.keep").click();
  const kept = await saved;
  const content = { name: kept.suggestedFilename(), mimeType: "application/json" };
  const buffer = await readFile(await kept.path());
  await user.go("nav.trace");
  const card = page.locator(".card", { hasText: user.say("trace.kept") }).last();
  await card.locator("input[type=file]").setInputFiles({ ...content, buffer });
  await user.button("trace.kept.look").click();
  const cell = card.getByRole("row", { name: "卧龙区" });
  const digest = await cell.locator("code").textContent();
  await steward.go("nav.trace");
  await steward.page.getByRole("searchbox").fill(digest ?? "");
  await steward.page.keyboard.press("Enter");
  await steward.button("trace.cell.look").click();
  await steward.page.getByText(steward.say("trace.cell.proven")).waitFor();
  expect(await steward.page.locator("#main").textContent()).not.to.contain("卧龙区");
  await user.go("nav.data");
  await user.choose("grant", new RegExp(SCENARIO));
}

async function lookUp(user: Official): Promise<void> {
  const { page, words } = user;
  await user.go("nav.data");
  await user.choose("grant", new RegExp(SCENARIO));
  await user.type({ "subject-code": "0372" });
  await user.button("data.ask").click();
  await page
    .getByRole("region", { name: user.say("data.answer") })
    .getByRole("row", { name: "0372 卧龙区" })
    .waitFor();
  await page.getByText(words.way("verification"), { exact: true }).click();
  await user.type({ "subject-name": "宛城区" });
  await user.button("data.ask").click();
  const refuted = page.getByText(user.say("data.match.false"));
  await refuted.waitFor();
  await user.type({ "subject-name": "宛城" });
  await refuted.waitFor({ state: "detached" });
}

async function download(user: Official): Promise<string> {
  const { page, words } = user;
  await page.getByText(words.way("download"), { exact: true }).click();
  const saved = page.waitForEvent("download");
  await user.button("data.ask").click();
  return readFile(await (await saved).path(), "utf8");
}

async function object(user: Official, downloaded: string): Promise<void> {
  const { page, words } = user;
  await user.go("nav.catalogue");
  await user.link("行政区划代码").click();
  await user.link(user.say("object.fromFile")).click();
  const file = { name: "divisions.csv", mimeType: "text/csv", buffer: Buffer.from(downloaded) };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page
    .getByRole("row", { name: /油田区/ })
    .getByRole("checkbox")
    .check();
  await page.getByLabel(user.say("object.field"), { exact: true }).click();
  await page.locator(".ant-select-item-option:visible", { hasText: "name" }).click();
  await page
    .getByRole("row", { name: /油田区/ })
    .getByRole("textbox")
    .fill("官庄区");
  await user.type({ words: "与区划公告不一致" });
  await user.button("object.next").click();
  await user.choose("dimension", words.value("dimension", "accuracy"));
  await user.file();
}

/** The steward sees wrong and corrected side by side, as the objector's node handed it over, and finds it true. */
async function conclude(steward: Official): Promise<void> {
  const { page, words } = steward;
  await steward.go("nav.toDo");
  await steward.link(words.command("objection", "accept")).first().click();
  await steward.sign();
  await steward.go("nav.objections");
  await page.getByRole("main").getByRole("row").getByRole("link").first().click();
  await page.locator("del", { hasText: "油田区" }).waitFor();
  await page.locator("ins", { hasText: "官庄区" }).waitFor();
  await page.getByText(steward.say("case.textMatches")).waitFor();
  await steward.link(words.command("objection", "conclude")).click();
  await steward.pick("outcome", words.value("outcome", "substantiated"));
  await steward.type({ reasons_text: "公告已更名" });
  await steward.file();
}

async function correct(steward: Official, world: Consortium): Promise<void> {
  const { page } = steward;
  const made = await offer(world, "divisions-2.csv", CORRECTED);
  await steward.go("nav.objections");
  await page.getByRole("main").getByRole("row").getByRole("link").first().click();
  await steward.link(steward.say("case.correcting")).click();
  await registerRelease(steward, made);
  const release = await newestRelease(world);
  await steward.go("nav.toDo");
  await steward.link(steward.words.command("objection", "correct")).first().click();
  await steward.choose("release", new RegExp(release.slice(0, SHORT)));
  await steward.file();
}

async function dispute(user: Official): Promise<void> {
  await user.go("nav.toDo");
  await user.link(user.words.command("objection", "dispute")).first().click();
  await user.type({ reasons_text: "其他行也应更正" });
  await user.file();
}

async function settle(bureau: Official): Promise<void> {
  const { page, words } = bureau;
  await bureau.go("nav.toDo");
  await bureau.link(words.command("objection", "settle")).first().click();
  await bureau.pick("decision", words.value("decision", "dismissed"));
  await bureau.type({ reasons_text: "其余各行与公告一致" });
  await bureau.file();
  await page.getByRole("main").getByRole("link").last().click();
  // What was claimed, concluded, disputed and settled, from three nodes.
  await page.getByText("其他行也应更正").waitFor();
  await page.getByText(bureau.say("case.textMatches")).nth(3).waitFor();
}

async function seeTheEnd(user: Official): Promise<void> {
  const { page, words } = user;
  await user.go("nav.toDo");
  const news = page.locator(".item", { hasText: words.done("objection", "settle") });
  await news.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1 }).getByText(words.state("objection", "closed")).waitFor();
}

/** Of an id, what a list shows. */
const SHORT = 8;

async function newestRelease({ provider: { node } }: Consortium): Promise<string> {
  const releases = node.db.selectFrom("cases").select("case_id").where("noun", "=", "release");
  return (await releases.orderBy("opened_block", "desc").executeTakeFirstOrThrow()).case_id;
}
