import { standingText } from "@wanlian/client/api/standing-alarms.js";
import { expect } from "chai";
import { CHAINCODE } from "../test-ledger.js";
import { type ApiWorld, apiWorld, BUREAU, openChannel } from "./world.js";

interface Frame {
  id: string | undefined;
  event: string | undefined;
  data: string | undefined;
}

describe("server-sent events", () => {
  let world: ApiWorld;
  let token: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    token = await world.logIn("CA-1");
  });
  after(() => world.stop());

  /** Reads frames until there are enough, then hangs up. */
  async function read(
    count: number,
    headers: Record<string, string>,
    meanwhile: () => Promise<unknown>,
  ): Promise<Frame[]> {
    const hangUp = new AbortController();
    const response = await fetch(`${world.base}/events`, {
      headers: { Authorization: `Bearer ${token}`, ...headers },
      signal: hangUp.signal,
    });
    expect(response.headers.get("content-type")).to.include("text/event-stream");
    expect(response.headers.get("wanlian-demo")).to.equal("true");
    const frames: Frame[] = [];
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      if (text.startsWith(": open\n\n")) {
        text = text.slice(": open\n\n".length);
        await meanwhile();
      }
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        frames.push(parse(text.slice(0, end)));
        text = text.slice(end + 2);
      }
      if (frames.length >= count) break;
    }
    hangUp.abort();
    return frames;
  }

  const tick = (time: string) => world.ledger.act(BUREAU, ["node"], { noun: "clock", type: "tick", body: { time } });
  const times = (frames: Frame[]) =>
    frames.filter(({ event }) => event === "act").map(({ data }) => JSON.parse(data ?? "").act.body.time);

  it("bring what is folded from now on, each saying that it is a demo", async () => {
    const frames = await read(2, {}, () => tick("2026-09-21T02:00:00Z"));
    expect(frames.map(({ event }) => event)).to.deep.equal(["act", "block"]);
    expect(times(frames)).to.deep.equal(["2026-09-21T02:00:00Z"]);
    for (const { data } of frames) expect(JSON.parse(data ?? "").demo).to.equal(true);
  });

  it("resume after the last block that came whole", async () => {
    const [, block] = await read(2, {}, () => tick("2026-09-21T03:00:00Z"));
    await tick("2026-09-21T04:00:00Z");
    await tick("2026-09-21T05:00:00Z");
    const missed = await read(4, { "Last-Event-ID": block?.id ?? "" }, async () => undefined);
    expect(times(missed)).to.deep.equal(["2026-09-21T04:00:00Z", "2026-09-21T05:00:00Z"]);
  });

  it("tell of an alarm who is accused, why and where, in the caller's language and in both", async () => {
    const { shared } = world.ledger;
    const user = await shared.ledger.officer("CivilMSP", "CA-9", "user");
    const written = shared.ledger.forge(user, () => ({
      [CHAINCODE]: { writes: [{ key: "settings", value: Buffer.from("{}") }] },
    }));
    const height = shared.ledger.blocks.length;
    const [alarm, block] = await read(2, { "Accept-Language": "zh" }, async () => {
      shared.ledger.append([{ envelope: written.envelope, code: 0 }]);
      for (const node of shared.nodes) await node.catchUp();
    });
    expect([alarm?.event, block?.event]).to.deep.equal(["alarm", "block"]);
    const { alarm: told } = JSON.parse(alarm?.data ?? "");
    expect(told).to.deep.include({ kind: "KEY_OUTSIDE_ACTS", block: height, transaction: 0 });
    expect(told.departments).to.deep.equal(told.detail.endorsers);
    expect(told.departments).to.include("BureauMSP");
    expect(told.message).to.equal(told.words.zh);
    expect(told.words.zh).to.contain("未加封").and.contain("CivilMSP CA-9").and.contain(written.transactionId);
    expect(told.words.en).to.contain("it was not sealed").and.contain(written.transactionId);
  });

  it("tell of an alarm that stands beside the ledger's own what it is, at no place of the ledger", async () => {
    const alarm = { kind: "NOT_ANCHORED", department: "HealthMSP", since: "2026-09-21T01:00:00Z" } as const;
    world.ledger.standing.raise(alarm);
    const [frame] = await read(1, { "Accept-Language": "en" }, async () => undefined);
    world.ledger.standing.clear(alarm);
    const { alarm: told } = JSON.parse(frame?.data ?? "");
    const words = standingText(alarm);
    expect([frame?.event, frame?.id]).to.deep.equal(["alarm", undefined]);
    expect(told).to.deep.include({ kind: "NOT_ANCHORED", departments: ["HealthMSP"], block: null, transaction: null });
    expect(told).to.deep.include({ message: words.en, words });
  });

  it("end with the session", async () => {
    const own = await world.logIn("CA-2");
    const response = await fetch(`${world.base}/events`, { headers: { Authorization: `Bearer ${own}` } });
    await world.call("DELETE", "/sessions/current", { token: own });
    expect(await response.text(), "at once, with no block that comes").to.equal(": open\n\n");
  });

  it("are for officers who are logged in, and take no position that was never given out", async () => {
    expect((await world.call("GET", "/events")).status).to.equal(401);
    expect((await world.call("GET", "/events", { token, headers: { "Last-Event-ID": "yesterday" } })).status).to.equal(
      400,
    );
  });
});

function parse(frame: string): Frame {
  const fields = new Map(
    frame.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  return { id: fields.get("id"), event: fields.get("event"), data: fields.get("data") };
}
