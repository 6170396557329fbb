import type { Connections, Endpoint } from "@wanlian/network/administration/calls/connection.js";
import { hungUp, refusalOf, unreachable } from "@wanlian/network/administration/calls/failure.js";
import { broadcast } from "@wanlian/network/administration/calls/orderer.js";
import { endorse, PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { PreparedProposal } from "@wanlian/network/administration/calls/proposal.js";
import { reachOf } from "@wanlian/network/administration/transaction.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { NetworkError } from "@wanlian/network/error.js";
import { RpcError } from "@wanlian/network/grpc/rpc-error.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { Envelope, Status } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";

const who = { mspId: "OrdererMSP", name: "orderer0" };
const UNAVAILABLE = 14;

describe("a call that fails", () => {
  const rpc = (code: number, message = "why") => new RpcError(code, message);
  const table: [title: string, cause: unknown, code: string, said: string][] = [
    ["cancelled", rpc(1), "UNREACHABLE", "orderer0 of OrdererMSP at localhost:1 does not answer: why"],
    ["too late", rpc(4), "UNREACHABLE", "orderer0 of OrdererMSP at localhost:1 does not answer: why"],
    ["without a connection", rpc(UNAVAILABLE), "UNREACHABLE", "orderer0 of OrdererMSP at localhost:1 does not answer"],
    ["with a no of the other side's", rpc(2, "no"), "REFUSED", "orderer0 of OrdererMSP says no: no"],
    ["for want of a right", rpc(7, "no"), "REFUSED", "orderer0 of OrdererMSP says no: no"],
    ["before it was a call", new Error("broken"), "UNREACHABLE", "does not answer: broken"],
    ["with what is no error", "words", "UNREACHABLE", "does not answer: words"],
    [
      "after attempts, of which the last is told",
      rpc(UNAVAILABLE, "No connection established. Last error: Error: connect ECONNREFUSED. Resolution note: none"),
      "UNREACHABLE",
      "does not answer: connect ECONNREFUSED",
    ],
  ];
  for (const [title, cause, code, said] of table) {
    it(`${title} is ${code}, and says who and why`, () => {
      const error = unreachable(who, "localhost:1", cause);
      expect(error).to.deep.include({ code, cause });
      expect(error.text.en).to.include(said);
      expect(error.text.zh).to.include("OrdererMSP 的 orderer0");
      expect(error.text.en).not.to.include("Resolution note");
    });
  }

  it("by hanging up is no answer either", () => {
    expect(hungUp(who)).to.have.property("code", "UNREACHABLE");
    expect(refusalOf(who, "no", 403).details).to.include({ status: 403, message: "no" });
  });
});

describe("an envelope for the orderers", () => {
  type Answer = number | RpcError | "hangs up";
  /** What each orderer answers, one for each time that it is asked; the last one goes on. */
  function orderers(...answers: readonly (readonly Answer[])[]) {
    const asked: number[] = [];
    const waiting = answers.map((one) => [...one]);
    const connections = {
      to: ({ name }: Endpoint) => ({
        bidi: () => {
          const at = Number(name);
          asked.push(at);
          const own = waiting[at] ?? [];
          const [answer] = own.length > 1 ? own.splice(0, 1) : own;
          return {
            send: async () => undefined,
            end: () => undefined,
            cancel: () => undefined,
            async *[Symbol.asyncIterator]() {
              if (answer instanceof RpcError) throw answer;
              if (typeof answer === "number") yield { status: answer, info: "why" };
            },
          };
        },
      }),
    } as unknown as Connections;
    const endpoints = answers.map((_, at) => ({ mspId: "OrdererMSP", name: String(at), address: "a:1" }) as Endpoint);
    return { asked, connections, endpoints };
  }
  const away = new RpcError(UNAVAILABLE, "away");
  const { SUCCESS, BAD_REQUEST, FORBIDDEN, INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE } = Status;

  const table: [title: string, reach: "one" | "all", answers: Answer[][], asked: number[], outcome: RegExp][] = [
    ["is taken by the first", "one", [[SUCCESS], [SUCCESS]], [0], /^taken/],
    ["goes to the next where one is away", "one", [[away], [SUCCESS]], [0, 1], /^taken/],
    ["goes to the next where one hangs up", "one", [["hangs up"], [SUCCESS]], [0, 1], /^taken/],
    ["goes to the next where one is not ready", "one", [[SERVICE_UNAVAILABLE], [SUCCESS]], [0, 1], /^taken/],
    ["goes to the next where one has a fault", "one", [[INTERNAL_SERVER_ERROR], [SUCCESS]], [0, 1], /^taken/],
    [
      "goes to no other where it is refused itself",
      "one",
      [[BAD_REQUEST], [SUCCESS]],
      [0],
      /^REFUSED: .*BAD_REQUEST why/,
    ],
    ["goes to no other where its sender is refused", "one", [[FORBIDDEN], [SUCCESS]], [0], /^REFUSED: .*FORBIDDEN why/],
    ["is offered again while none is ready", "one", [[SERVICE_UNAVAILABLE, SUCCESS]], [0, 0], /^taken/],
    ["goes to all under BFT", "all", [[SUCCESS], [SUCCESS], [SUCCESS]], [0, 1, 2], /^taken/],
    ["is taken where one of all takes it", "all", [[away], [BAD_REQUEST], [SUCCESS]], [0, 1, 2], /^taken/],
    [
      "is refused where none takes it and one refuses it",
      "all",
      [[away], [BAD_REQUEST]],
      [0, 1],
      /^REFUSED: .*BAD_REQ/,
    ],
    ["is offered to all again while none is ready", "all", [[away, SUCCESS], [away]], [0, 1, 0, 1], /^taken/],
  ];
  for (const [title, reach, answers, asked, outcome] of table) {
    it(title, async () => {
      const played = orderers(...answers);
      const end = await broadcast(Envelope.create({}), played.endpoints, played.connections, reach).then(
        () => "taken",
        (error: NetworkError) => `${error.code}: ${error.text.en}`,
      );
      expect(end).to.match(outcome);
      expect(played.asked).to.deep.equal(asked);
    });
  }

  it("goes to all where a third of them may be faulty, and to one else", () => {
    const reach = (consensus: string) => reachOf({ topology: { consensus } as Topology });
    expect(["bft", "raft", "embedded"].map(reach)).to.deep.equal(["all", "one", "one"]);
  });
});

describe("endorsements", () => {
  const peer = (name: string, payload: string, endorsed = true) =>
    ({
      endpoint: { mspId: "CivilMSP", name },
      process: async () => ({
        payload: Buffer.from(payload),
        endorsement: endorsed ? { endorser: Buffer.from(name), signature: Buffer.from("s") } : undefined,
      }),
    }) as unknown as PeerClient;
  const of = (...peers: PeerClient[]) =>
    endorse({} as PreparedProposal, peers).then(
      ({ result, endorsements }) =>
        `${Buffer.from(result)} by ${endorsements.map(({ endorser }) => Buffer.from(endorser))}`,
      (error: unknown) => (error instanceof NetworkError ? `${error.code}: ${error.text.en}` : Promise.reject(error)),
    );

  it("are those of all who come to one result", async () => {
    expect(await of(peer("a", "x"))).to.equal("x by a");
    expect(await of(peer("a", "x"), peer("b", "x"), peer("c", "x", false))).to.equal("x by a,b");
  });

  it("are none where one comes to another, and it is said who", async () => {
    const outcome = await of(peer("a", "x"), peer("b", "x"), peer("c", "y"));
    expect(outcome).to.match(/^REFUSED: a of CivilMSP and c of CivilMSP come to different results/);
  });

  it("are none of nobody", async () => {
    expect(await of()).to.equal("REFUSED: There is no peer to endorse.");
  });
});

describe("what a peer answers to a proposal", () => {
  const answered = async (response: { readonly status: number; readonly message: string } | undefined) => {
    const connections = { to: () => ({ unary: async () => ({ response }) }) } as unknown as Connections;
    const client = new PeerClient({ ...who, address: "a:1" } as Endpoint, connections, {} as SigningIdentity);
    return await client.process({} as PreparedProposal).then(
      () => "taken",
      (error: unknown) =>
        error instanceof NetworkError ? `${error.code} ${error.details.status ?? ""}` : String(error),
    );
  };
  for (const [status, said] of [
    [200, "taken"],
    [399, "taken"],
    [400, "REFUSED 400"],
    [500, "REFUSED 500"],
  ] as const) {
    it(`is ${said} with status ${status}`, async () => {
      expect(await answered({ status, message: "why" })).to.equal(said);
    });
  }

  it("is none without a response in it", async () => {
    expect(await answered(undefined)).to.equal("UNREACHABLE ");
  });
});
