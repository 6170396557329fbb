import type { Request } from "@wanlian/client/api/operation.js";
import { answerEvidence } from "@wanlian/client/api/operations/access/answer-evidence.js";
import { ApiError } from "@wanlian/client/core/index.js";
import type { Answered } from "@wanlian/client/evidence";
import { expect } from "chai";

/** What an index has, the last first. */
const ROWS = ["access", "question", "opening", "closing", "filing", "call", "access"].map((kind, at) => ({
  ...{ kind, id: `id ${at}`, position: 9 - at },
}));

describe("accesses that are taken home as evidence", () => {
  interface Asked {
    readonly limit: number;
    readonly before?: number;
  }

  /** What is asked of the index, and what is to be proven. */
  async function taken(question: object, rows = ROWS) {
    let asked: Asked | undefined;
    let answered: Answered | undefined;
    const index = {
      find: async (_: object, page: Asked) => {
        asked = page;
        return rows.slice(0, page.limit);
      },
    };
    const operation = answerEvidence(
      {
        ofAnswer: async (_: unknown, one: Answered) => {
          answered = one;
          return {};
        },
      } as never,
      (() => ({ index, catchUp: async () => undefined })) as never,
    );
    const request = {
      body: { question: { kind: "accesses", filter: {}, ...question } },
      services: { model: () => ({}) },
      caller: { signer: {} },
    };
    await operation.handle(request as unknown as Request);
    return { asked, records: answered?.records, more: answered?.more };
  }

  it("are those of the log's entries that are records of an access", async () => {
    const { records, more } = await taken({});
    expect(records).to.deep.equal(["id 0", "id 2", "id 3", "id 6"]);
    expect(more).to.equal(false);
  });

  it("are as many as are asked for, and it is said whether there are more", async () => {
    expect(await taken({ limit: 3 })).to.deep.equal({ asked: { limit: 4 }, records: ["id 0", "id 2"], more: true });
    expect((await taken({ limit: 7 })).more).to.equal(false);
  });

  it("are fifty at a time", async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ kind: "access", id: `id ${at}`, position: 99 - at }));
    for (const question of [{}, { limit: 500 }]) {
      const { asked, records, more } = await taken(question, many);
      expect([asked?.limit, records?.length, more]).to.deep.equal([51, 50, true]);
    }
  });

  it("go on behind the last that was there", async () => {
    const cursor = Buffer.from("[4]").toString("base64url");
    expect((await taken({ cursor })).asked).to.deep.equal({ limit: 51, before: 4 });
  });

  for (const question of [{ kind: "another" }, { limit: 0 }, { filter: { more: 1 } }]) {
    it(`are asked for in one form only: ${JSON.stringify(question)}`, async () => {
      const failed = await taken(question).catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(ApiError).with.property("code", "BAD_REQUEST");
    });
  }
});
