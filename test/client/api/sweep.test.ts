import type { Operation } from "@wanlian/client/api/operation.js";
import { allOperations } from "@wanlian/client/api/operations/all.js";
import { messages } from "@wanlian/client/api-document/messages.js";
import type { ErrorCode } from "@wanlian/client/core/error-code.js";
import { NodeError } from "@wanlian/client/core/node-error.js";
import { Sessions } from "@wanlian/client/keys/officers/sessions.js";
import { OfficerStore } from "@wanlian/client/keys/officers/store.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { expect } from "chai";
import { type ApiWorld, apiWorld, CIVIL, ENTRY, openChannel } from "./world.js";

const operations = allOperations(model1, new Sessions(new OfficerStore("nowhere"), () => new Date()));
const nothing = "0".repeat(64);

/** An address of the route where nothing is. */
function addressOf({ route, query }: Operation): string {
  const names: Record<string, string> = {
    provider: CIVIL,
    department: CIVIL,
    officer: "CA-1",
    code: route.startsWith("/problems") ? "NOTHING" : "nothing",
    number: "4711",
    key: "no-such-key",
    noun: "demand",
    case: /^\/(members|logs)\//.test(route) ? "NobodyMSP" : nothing,
  };
  const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? nothing);
  const required: readonly string[] = query?.required ?? [];
  return required.length === 0 ? path : `${path}?${required.map((name) => `${name}=nothing`).join("&")}`;
}

describe("every operation", () => {
  let world: ApiWorld;
  let token: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    token = await world.logIn("CA-1");
  });
  after(() => world.stop());

  for (const operation of operations) {
    const { id, method, access, effect, media } = operation;
    if (media !== "application/json") continue;
    const body = method === "post" ? {} : undefined;

    if (access === "officer") {
      it(`${id} is closed to whoever is not logged in`, async () => {
        const answer = await world.call(method.toUpperCase(), addressOf(operation), { body });
        expect([answer.status, answer.get("code")]).to.deep.equal([401, "NOT_LOGGED_IN"]);
      });
    }
    if (effect === "filing") {
      it(`${id} files nothing without a key of the caller's`, async () => {
        const height = world.ledger.status().height;
        const answer = await world.call("POST", addressOf(operation), { token, body });
        expect(answer.status).to.equal(400);
        expect(world.ledger.status().height).to.equal(height);
      });
    }
    // A question that is too long for an address is a POST; it has a test of its own.
    if (effect === "none" && method === "get") {
      it(`${id} answers as its document says, or that there is nothing`, async () => {
        const answer = await world.call("GET", addressOf(operation), { token });
        if (answer.status === 404) expect(answer.get("code")).to.be.oneOf(["NO_SUCH_CASE", "NO_SUCH_ENTRY"]);
        else expect(Object.keys(operation.answers)).to.include(String(answer.status));
        expect(answer.get("demo")).to.equal(true);
      });
    }
  }

  it("showHeads tells where cases stand, none of which need be there", async () => {
    const cases = [
      { noun: "clock", case: "clock" },
      { noun: "demand", case: "a".repeat(64) },
    ];
    const { status, get } = await world.call("POST", "/heads", { token, body: { cases } });
    expect([status, get("items.0.act"), get("items.0.state.time")]).to.deep.equal([200, 1, world.ledger.now()]);
    expect([get("items.1.act"), get("items.1.state")]).to.deep.equal([0, undefined]);
  });

  it("passes every code on with its status, in both languages", async () => {
    for (const [code, message] of Object.entries(messages) as [ErrorCode, (typeof messages)[ErrorCode]][]) {
      for (const language of ["zh", "en"] as const) {
        world.ledger.failure = new NodeError(code, "which and what now");
        const answer = await world.file(
          token,
          "/datasets",
          { ...ENTRY, code: "swept" },
          { "Accept-Language": language },
        );
        const told = ["status", "code", "title", "detail"].map((name) => answer.get(name));
        expect(told).to.deep.equal([message.status, code, message[language], "which and what now"]);
        expect(answer.status).to.equal(message.status);
      }
    }
  });

  it("leaves one line a request: who, which operation, what came of it, and nothing of what was said", async () => {
    const lines = () =>
      world
        .logged()
        .split("\n")
        .filter((line) => line.includes('"msg":"request"'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const before = lines().length;
    const token = await world.logIn("CA-1");
    await world.call("GET", "/cases/dataset/none/such", { token });
    await world.call("GET", "/trace/departments/CivilMSP/officers/the-secret-officer", { token });
    const made = lines().slice(before);
    expect(made.map(({ operation, officer, status }) => [operation, officer, status])).to.deep.equal([
      ["logIn", undefined, 201],
      ["unknown", undefined, 404],
      ["traceOfficer", "CA-1", 200],
    ]);
    expect(JSON.stringify(made)).not.to.contain("the-secret-officer").and.not.to.contain(token);
  });

  it("tells nothing of what was not foreseen, but where the log has it", async () => {
    world.ledger.submission = () => Promise.reject(new Error("the secret reason"));
    const answer = await world.call("GET", "/submissions/some-key-of-mine", { token });
    expect([answer.status, answer.get("code")]).to.deep.equal([500, "FAULT"]);
    expect(JSON.stringify(answer.body)).not.to.include("secret reason");
    expect(world.logged()).to.include("the secret reason").and.include(answer.get("instance"));
  });
});
