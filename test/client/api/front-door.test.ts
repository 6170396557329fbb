import { request } from "node:http";
import type { FrontDoor } from "@wanlian/client/api/server/front-door.js";
import { KeyError } from "@wanlian/client/core";
import { expect } from "chai";
import { PASSPHRASE } from "../keys/officer.js";
import { type ApiWorld, apiWorld } from "./world.js";

describe("the front door", () => {
  let world: ApiWorld;
  const revoked = new Set<string>();
  const open = async (door: FrontDoor = {}) => {
    const refusal = ({ officer }: { officer: string }) =>
      revoked.has(officer) ? new KeyError("CERTIFICATE_REFUSED", `${officer} was revoked`) : undefined;
    world = await apiWorld({ door, refusal });
  };
  afterEach(async () => {
    revoked.clear();
    await world.stop();
  });

  /** The answer to a request under a name; fetch would not let one choose the Host header. */
  const underName = (host: string, path = "/api/v1/status"): Promise<{ status: number; code: unknown }> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(world.base);
      request({ host: "127.0.0.1", port, path, headers: { host } }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString();
        const code = text === "" ? undefined : (JSON.parse(text) as { code?: unknown }).code;
        resolve({ status: response.statusCode ?? 0, code });
      })
        .once("error", reject)
        .end();
    });
  const cookieOf = async (headers: Record<string, string> = {}) => {
    const body = { officer: "CA-1", passphrase: PASSPHRASE };
    return (await world.call("POST", "/sessions", { body, headers })).headers.get("set-cookie") ?? "";
  };

  it("lets in under the node's names, addresses and localhost, with any port, and under no others", async () => {
    await open({ hosts: ["Data.Civil.example"] });
    for (const name of [
      "data.civil.example",
      "DATA.civil.example:8443",
      "localhost:1",
      "192.0.2.7:80",
      "[2001:db8::1]:9",
    ])
      expect(await underName(name), name).to.include({ status: 200 });
    for (const name of [
      "evil.example",
      "data.civil.example.evil.example",
      "civil.example",
      "localhost.evil",
      "a@localhost",
    ])
      expect(await underName(name), name).to.deep.equal({ status: 403, code: "HOST_UNKNOWN" });
    expect(await underName("evil.example", "/"), "the page").to.deep.equal({ status: 403, code: "HOST_UNKNOWN" });
  });

  it("takes every name where it was told none", async () => {
    await open();
    expect(await underName("anything.example")).to.include({ status: 200 });
  });

  it("gives a cookie for TLS alone where it serves TLS, and believes a proxy only that it trusts", async () => {
    await open({ trustedProxies: ["127.0.0.1"] });
    expect(await cookieOf({ "X-Forwarded-Proto": "https" })).to.match(/; Secure(;|$)/);
    expect(await cookieOf()).not.to.contain("Secure");
    await world.stop();
    await open();
    expect(await cookieOf({ "X-Forwarded-Proto": "https" })).not.to.contain("Secure");
  });

  it("counts failures by the address behind a proxy that it trusts, and by the proxy's own otherwise", async () => {
    const guess = async (address: string, passphrase: string) => {
      const headers = { "X-Forwarded-For": address };
      const body = { officer: "CA-1", passphrase };
      return (await world.call("POST", "/sessions", { body, headers })).get("code") ?? "in";
    };
    await open({ trustedProxies: ["127.0.0.0/8"] });
    for (let time = 0; time < 5; time += 1) await guess("192.0.2.1", "not the passphrase");
    expect(await guess("192.0.2.1", PASSPHRASE)).to.equal("LOCKED_OUT");
    expect(await guess("192.0.2.2", PASSPHRASE)).to.equal("in");
    await world.stop();
    await open();
    for (let time = 0; time < 5; time += 1) await guess(`192.0.2.${time}`, "not the passphrase");
    expect(await guess("192.0.2.9", PASSPHRASE)).to.equal("LOCKED_OUT");
  });

  it("shuts a revoked officer out everywhere at once, and says why; the others stay in", async () => {
    await open();
    const token = await world.logIn("CA-1");
    const other = await world.logIn("CA-3");
    const stream = await fetch(`${world.base}/events`, { headers: { Authorization: `Bearer ${token}` } });
    revoked.add("CA-1");
    for (const [method, path] of [
      ["GET", "/tasks"],
      ["GET", "/texts"],
      ["POST", "/datasets?preview=true"],
      ["GET", "/sessions/current"],
    ] as const)
      expect((await world.call(method, path, { token })).get("code"), path).to.equal("CERTIFICATE_REFUSED");
    expect((await world.call("GET", "/status", { token })).status, "what everybody may see").to.equal(200);
    expect((await world.call("GET", "/tasks", { token: other })).status).to.equal(200);
    expect(await stream.text()).to.equal(": open\n\n");
  });

  it("is told of connections over which somebody logged in has asked, and of no others", async () => {
    let known = 0;
    await open({ onKnown: () => (known += 1) });
    await world.call("GET", "/status");
    await world.call("GET", "/tasks");
    await world.call("GET", "/tasks", { token: "none" });
    const token = await world.logIn("CA-1");
    expect(known).to.equal(0);
    await world.call("GET", "/tasks", { token });
    expect(known).to.equal(1);
  });
});
