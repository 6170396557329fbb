import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fetchBlock } from "@wanlian/network/administration/calls/orderer.js";
import { awaitCaughtUp } from "@wanlian/network/administration/catch-up.js";
import { firstBlock } from "@wanlian/network/administration/first-block.js";
import { configurationInForce, informantOf } from "@wanlian/network/administration/informant.js";
import { readLedger, writeLedger } from "@wanlian/network/administration/ledger-file.js";
import { memberPeer } from "@wanlian/network/administration/member.js";
import type { Network } from "@wanlian/network/administration/network.js";
import { awaitDiscovery } from "@wanlian/network/administration/settled.js";
import { observe } from "@wanlian/network/administration/state.js";
import { networkStatus } from "@wanlian/network/administration/status.js";
import { submitUpdate } from "@wanlian/network/administration/submit-update.js";
import { part } from "@wanlian/network/channel/changes.js";
import { decodedValue } from "@wanlian/network/channel/group.js";
import { parseUpdateFile, signersOf, signUpdate, type UpdateFile } from "@wanlian/network/channel/update-file.js";
import { NetworkError } from "@wanlian/network/error.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { headerHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { BatchSize, ConfigUpdate } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";
import { applied, InProcessNetwork, plannedOn, type ToldApply } from "./network.js";

const [BUREAU, CIVIL, POLICE, ORDERER] = ["BureauMSP", "CivilMSP", "PoliceMSP", "OrdererMSP"];

/** How something ends: with what the error says. */
async function said(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof NetworkError) return `${error.code}: ${error.text.en}`;
    throw error;
  }
}

/** A connection that broke is tried again after a while. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(50);
}

describe("a network and its administrators, all in one process", function () {
  this.timeout(120_000);
  let network: InProcessNetwork;
  let planned: string[];
  let first: ToldApply;
  let all: Network;
  before(async () => {
    network = await InProcessNetwork.start(3);
    all = await network.seenBy();
    planned = await plannedOn(all);
    first = await applied(all);
  });
  after(() => network?.stop());

  beforeEach(() => settled());

  /** Waits until every peer has what was ordered: each administrator asks its own. */
  async function settled(): Promise<void> {
    const [place = expect.fail("no orderer")] = network.topology.orderers.nodes;
    const ordered = await all.participation(place).channel("pilot");
    for (const peer of all.peers) await awaitCaughtUp(all.peer(peer), "pilot", BigInt(ordered?.height ?? 0));
  }
  const appliedBy = async (seen: Network) => {
    const told = await applied(seen);
    await settled();
    return told;
  };

  const changed = (changes: Partial<Topology>): Topology => ({ ...network.topology, ...changes });
  const withMessages = (messages: number) => changed({ batch: { ...network.topology.batch, messages } });
  /** Whom an orderer hands out blocks. */
  const source = () => ({
    ...{ orderer: all.orderers[0] ?? expect.fail("no orderer"), channel: "pilot", connections: all.connections },
    identity: all.administrator(ORDERER as string).identity,
  });
  /** As the topology says again, whatever a test has changed. */
  const restored = async () => expect((await appliedBy(all)).waiting).to.equal(0);
  const inForce = async (by: Network = all) => configurationInForce(await informantOf(by));
  const messages = async () => decodedValue(part(await inForce(), "Orderer"), "BatchSize", BatchSize)?.maxMessageCount;

  it("are set up from nothing, kind by kind", () => {
    const kinds = (steps: readonly string[]) => steps.map((step) => step.replace(/ \w+$/, ""));
    expect([...planned].sort()).to.deep.equal([...first.steps].sort());
    expect(kinds(first.steps)).to.deep.equal([
      ...["join orderer", "join peer", "join peer", "join peer", "install", "install", "install"],
      ...["approve", "approve", "approve", "commit"],
    ]);
    expect(first).to.deep.include({ done: 11, waiting: 0, obstacles: [] });
  });

  it("have nothing left to do, nor does any of them alone", async () => {
    for (const keys of [undefined, [BUREAU], [CIVIL], [POLICE, ORDERER], [ORDERER]] as (string[] | undefined)[]) {
      const seen = await network.seenBy(keys);
      expect(await plannedOn(seen), keys?.join()).to.deep.equal([]);
      expect(await applied(seen)).to.deep.include({ done: 0, waiting: 0, obstacles: [] });
    }
  });

  it("see one ledger, and that no contracts answer where none run", async () => {
    const { comparedAt, orderers, peers, complaints } = await networkStatus(all);
    const [orderer] = orderers;
    const height = orderer?.channel.kind === "answer" ? orderer.channel.value.height : 0n;
    expect(orderer?.channel).to.deep.equal({
      kind: "answer",
      value: { height, status: "active", relation: "consenter" },
    });
    expect(comparedAt).to.equal(height - 1n);
    const newest = Block.decode(await blockOf(await memberPeer(all), height - 1n));
    for (const { ledger, sees, standsStill, contracts } of peers) {
      expect(ledger).to.have.property("kind", "answer");
      expect(ledger).to.have.nested.property("value.blockHash", toHex(headerHash(newest.header as never)));
      expect(ledger).to.have.nested.property("value.height", height);
      expect({ sees, standsStill }).to.deep.equal({ sees: { kind: "answer", value: 3 }, standsStill: false });
      expect(contracts.kind === "answer" && [...(contracts.value?.approvals ?? [])].sort()).to.deep.equal(
        [BUREAU, CIVIL, POLICE].map((mspId) => [mspId, true]),
      );
    }
    expect(new Set(peers.map(({ ledger }) => ledger.kind === "answer" && ledger.value.commitHash)).size).to.equal(1);
    expect(complaints.map(({ kind }) => kind)).to.deep.equal(Array(3).fill("contracts silent"));
    await awaitDiscovery(all);
  });

  const blockOf = async (peer: Awaited<ReturnType<typeof memberPeer>>, number: bigint) =>
    Block.encode(await peer.block("pilot", number));

  it("tell who has one department's key no more than is its to know", async () => {
    const seen = await network.seenBy([CIVIL]);
    const { orderers, peers, own } = await observe(seen);
    expect([...own]).to.deep.equal([CIVIL]);
    expect(orderers.map(({ channel }) => channel.kind)).to.deep.equal(["withheld"]);
    expect(peers.map(({ mspId, joined, installed }) => [mspId, joined.kind, installed.kind])).to.deep.equal([
      [BUREAU, "answer", "withheld"],
      [CIVIL, "answer", "answer"],
      [POLICE, "answer", "withheld"],
    ]);
    expect((await memberPeer(seen)).endpoint.mspId).to.equal(CIVIL);
    expect(await said((async () => seen.administrator(POLICE as string))())).to.include(
      "MISSING_FILE: The administrator's",
    );
    const nobody = await network.seenBy([]);
    expect(nobody.hasDepartment).to.equal(false);
    expect(await said((async () => nobody.anyAdministrator(CIVIL as string))())).to.include(
      "MISSING_FILE: No administrator",
    );
    expect(await said(memberPeer(nobody))).to.match(
      /UNREACHABLE: No peer here .* no administrator's key of a department/,
    );
    expect(await said(informantOf(nobody))).to.match(/UNREACHABLE: No organisation's administrator's key/);
  });

  it("tell an ordering service of its own of no ledger", async () => {
    const seen = await network.seenBy([ORDERER as string]);
    const { peers, orderers, complaints } = await networkStatus(seen);
    expect(orderers.map(({ channel }) => channel.kind)).to.deep.equal(["answer"]);
    expect(
      new Set(peers.flatMap((peer) => [peer.ledger.kind, peer.contracts.kind, peer.process.kind, peer.sees.kind])),
    ).to.deep.equal(new Set(["withheld"]));
    expect(complaints).to.deep.equal([]);
  });

  it("change what is the ordering service's at its word, known by its own orderer alone", async () => {
    const alone = await network.seenBy([ORDERER as string], withMessages(77));
    expect(await plannedOn(alone)).to.deep.equal([`update configuration ${ORDERER}`]);
    expect(await appliedBy(alone)).to.deep.include({ done: 1, waiting: 0, steps: [`update configuration ${ORDERER}`] });
    expect(await messages()).to.equal(77);
    expect(await plannedOn(alone)).to.deep.equal([]);
    // For a department it is somebody else's to do.
    const civil = await network.seenBy([CIVIL as string]);
    const { done, waiting, waits } = await appliedBy(civil);
    expect({ done, waiting }).to.deep.equal({ done: 0, waiting: 1 });
    expect(waits.join()).to.include(`This is for ${ORDERER} to do`);
    await restored();
    expect(await messages()).to.equal(network.topology.batch.messages);
  });

  /** An update that takes a majority of the departments, as the bureau leaves it for the others. */
  async function halfSigned(): Promise<{ readonly file: UpdateFile; readonly told: ToldApply }> {
    const bureau = await network.seenBy([BUREAU as string], changed({ endorsements: 3 }));
    const told = await appliedBy(bureau);
    const text = await readFile(join(bureau.base, "updates", "pilot.update.json"), "utf8");
    return { file: parseUpdateFile(text, "pilot"), told };
  }

  it("gather the signatures of a majority for what is everybody's", async () => {
    const { file, told } = await halfSigned();
    expect(told).to.deep.include({ done: 0, waiting: 1 });
    expect(told.waits.join()).to.match(/Signatures are missing: 1 of CivilMSP, PoliceMSP\. Send them /);
    expect(signersOf(file)).to.deep.equal([BUREAU]);
    const civil = await network.seenBy([CIVIL as string]);
    const whole = signUpdate(file, civil.administrator(CIVIL as string).identity);
    const informant = await informantOf(civil);
    const height = await informant.height();
    expect(await submitUpdate(civil, whole, informant)).to.deep.equal({ block: height });
    await settled();
    expect((await plannedOn(all))[0]).to.equal(`update configuration ${BUREAU}`);
    await restored();
  });

  const refusals: [title: string, bend: (file: UpdateFile) => UpdateFile, why: string][] = [
    [
      "with too few signatures",
      (file) => file,
      "BAD_REQUEST configuration update refused: the signatures do not satisfy Admins for policy /Channel/Application/Records",
    ],
    [
      "sent to another channel",
      (file) => ({ ...file, channel: "other" }),
      'BAD_REQUEST channel "other" does not exist on this orderer',
    ],
    [
      "that is for another channel than it is sent to",
      (file) => ({ ...file, update: ConfigUpdate.encode({ ...ConfigUpdate.decode(file.update), channelId: "other" }) }),
      'BAD_REQUEST configuration update refused: it is for channel "other"',
    ],
    [
      "that does not decode",
      (file) => ({ ...file, update: Buffer.from("nonsense") }),
      "BAD_REQUEST malformed protobuf: wire type 6",
    ],
  ];
  for (const [title, bend, why] of refusals) {
    it(`are refused an update ${title}, at once`, async () => {
      const { file } = await halfSigned();
      const civil = await network.seenBy([CIVIL as string]);
      const informant = await informantOf(civil);
      const before = await informant.height();
      const outcome = await said(submitUpdate(civil, bend(file), informant));
      expect(outcome).to.equal(`REFUSED: orderer0 of OrdererMSP says no: ${why}`);
      expect(await informant.height()).to.equal(before);
    });
  }

  it("approve and commit contracts by a majority, whoever comes first", async () => {
    const next = changed({ contracts: { ...network.topology.contracts, version: "1.1" } });
    const alone = await appliedBy(await network.seenBy([BUREAU as string], next));
    expect(alone.steps).to.deep.equal([`approve ${BUREAU}`]);
    expect(alone.waits.filter((one) => one.includes("departments have to approve")).join()).to.include(
      `2 of 3 departments have to approve, 1 have (${BUREAU}); not yet ${CIVIL}, ${POLICE}`,
    );
    expect((await appliedBy(await network.seenBy([CIVIL as string], next))).steps).to.deep.equal([`approve ${CIVIL}`]);
    const again = await appliedBy(await network.seenBy([BUREAU as string], next));
    expect(again.steps).to.deep.equal([`commit ${BUREAU}`]);
    expect((await observe(await network.seenBy([POLICE as string], next))).definition?.version).to.equal("1.1");
    await restored();
    expect((await observe(all)).definition?.version).to.equal(network.topology.contracts.version);
  });

  describe("ask an orderer", () => {
    const participation = () => all.participation(network.topology.orderers.nodes[0] as never);

    it("for blocks: the first, the newest, none that is not there, none of another channel", async () => {
      const kept = await firstBlock(all);
      expect(Buffer.from(Block.encode(await fetchBlock(source(), 0n)))).to.deep.equal(Buffer.from(kept));
      const height = await (await informantOf(all)).height();
      expect((await fetchBlock(source(), "newest")).header?.number).to.equal(height - 1n);
      expect(await said(fetchBlock(source(), height))).to.match(/^REFUSED: .*NOT_FOUND blocks of pilot/);
      expect(await said(fetchBlock({ ...source(), channel: "other" }, 0n))).to.match(/^REFUSED: .*NOT_FOUND/);
    });

    it("for a channel: the one that it has, and no other; and lets it join none twice, and by no other block", async () => {
      expect(await participation().channel("pilot")).to.deep.include({ name: "pilot", status: "active" });
      expect(await participation().channel("other")).to.equal(undefined);
      const again = await said(participation().join(await firstBlock(all)));
      expect(again).to.match(/^REFUSED: orderer0 of OrdererMSP says no: status 405/);
      expect(await said(participation().join(Buffer.from("no block")))).to.match(/^REFUSED: .*status 400/);
      expect(await said(participation().remove("other"))).to.match(/^REFUSED: .*status 404/);
    });

    it("for the first block, where it does not lie at hand", async () => {
      const civil = await network.seenBy([CIVIL as string]);
      expect(Buffer.from(await firstBlock(civil))).to.deep.equal(Buffer.from(await firstBlock(all)));
      expect(Buffer.from(await readFile(join(civil.base, "genesis", "pilot.block")))).to.deep.equal(
        Buffer.from(await firstBlock(all)),
      );
    });
  });

  it("ask a peer for what it has of a channel, and of no other", async () => {
    const peer = await memberPeer(all);
    const { height } = await peer.info("pilot");
    expect(await peer.channels()).to.deep.equal(["pilot"]);
    expect((await peer.block("pilot", height - 1n)).header?.number).to.equal(height - 1n);
    expect(await said(peer.block("pilot", height))).to.match(/^REFUSED: peer0 of BureauMSP says no/);
    expect(await said(peer.info("other"))).to.match(/^REFUSED: peer0 of BureauMSP says no/);
    expect([await peer.hasChannel("pilot"), await peer.hasChannel("other")]).to.deep.equal([true, false]);
    // Whoever is of no member department is told that it is there, and nothing of it.
    const stranger = all.peer(all.peers[0] as never, all.administrator(ORDERER as string));
    expect(await stranger.hasChannel("pilot")).to.equal(true);
    expect(await said(stranger.info("pilot"))).to.match(/^REFUSED/);
    const numbers: bigint[] = [];
    for await (const block of peer.blocks("pilot", 1n, height - 1n)) numbers.push(block.header?.number ?? -1n);
    expect(numbers).to.deep.equal(Array.from({ length: Number(height) - 1 }, (_, at) => BigInt(at + 1)));
  });

  it("write the ledger into a file, unless a peer that may have more does not answer", async () => {
    const dir = await mkdtemp(join(tmpdir(), "wanlian-ledger-"));
    try {
      const civil = await network.seenBy([CIVIL as string]);
      const file = join(dir, "ledger");
      const { height } = await (await memberPeer(civil)).info("pilot");
      expect(await writeLedger(civil, file, [])).to.equal(height);
      const blocks: Block[] = [];
      for await (const bytes of readLedger(file)) blocks.push(Block.decode(bytes));
      expect(blocks.map(({ header }) => header?.number)).to.deep.equal(
        Array.from({ length: Number(height) }, (_, at) => BigInt(at)),
      );
      await network.stopPeer(POLICE as string);
      try {
        const silent = await said(writeLedger(civil, file, []));
        expect(silent).to.match(
          /^UNREACHABLE: peer0 of PoliceMSP does not answer, and may have a block .*--without Pol/,
        );
        expect(await writeLedger(civil, file, [POLICE as string])).to.equal(height);
        const { complaints, comparedAt } = await networkStatus(all);
        expect(complaints.filter(({ kind }) => kind === "peer silent")).to.have.length(1);
        expect(comparedAt).to.equal(height - 1n);
        const { obstacles } = await applied(all);
        expect(obstacles.map(({ mspId, name }) => `${name} of ${mspId}`)).to.deep.equal([`peer0 of ${POLICE}`]);
        expect(await all.peer(all.peers[2] as never).hasChannel("pilot")).to.equal(undefined);
      } finally {
        await network.startPeer(POLICE as string);
        await until(async () => (await all.peer(all.peers[2] as never).hasChannel("pilot")) === true);
        await settled();
      }
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it("begin no channel anew of which the orderers have lost the blocks", async () => {
    await network.stopOrderer();
    const [orderer] = (await networkStatus(all)).orderers;
    expect(orderer?.channel.kind).to.equal("failed");
    await network.startOrderer(join(network.world.directory, "empty"));
    try {
      expect(await plannedOn(all)).to.include(`join orderer ${ORDERER}`);
      const refused = await said(applied(all));
      expect(refused).to.match(/^DAMAGED: peer0 of BureauMSP has the channel pilot, and no orderer has/);
    } finally {
      await network.stopOrderer();
      await network.startOrderer();
      await until(async () => (await said(fetchBlock(source(), 0n))) === "done");
    }
    expect(await plannedOn(all)).to.deep.equal([]);
  });
});

describe("a ledger in a file", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-ledger-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const read = async (bytes: Buffer) => {
    const file = join(dir, "ledger");
    await writeFile(file, bytes);
    const found: string[] = [];
    for await (const block of readLedger(file)) found.push(Buffer.from(block).toString());
    return found;
  };
  const block = (text: string, length = text.length) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    return Buffer.concat([head, Buffer.from(text)]);
  };

  it("is read block by block", async () => {
    expect(await read(Buffer.alloc(0))).to.deep.equal([]);
    expect(await read(Buffer.concat([block("one"), block(""), block("three")]))).to.deep.equal(["one", "", "three"]);
  });

  for (const [title, bytes] of [
    ["within a length", Buffer.concat([block("one"), Buffer.of(0, 0, 0)])],
    ["after a length", Buffer.concat([block("one"), Buffer.of(0, 0, 0, 1)])],
    ["within a block", block("one", 4)],
    ["with a block that no orderer makes", block("one", 256 * 1024 * 1024 + 1)],
  ] as const) {
    it(`is damaged where it breaks off ${title}`, async () => {
      expect(await said(read(bytes))).to.match(/^DAMAGED: .*ledger breaks off/);
    });
  }

  it("that is not there is said to be missing", async () => {
    const missing = async () => {
      for await (const _ of readLedger(join(dir, "none"))) expect.fail("a block");
    };
    expect(await said(missing())).to.match(/^MISSING_FILE/);
  });
});
