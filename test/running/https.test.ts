import { once } from "node:events";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import type { Server } from "node:https";
import { get } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { HEADERS_MS, renew, serverFor } from "@wanlian/client/running/machine/https.js";
import { HANDSHAKE_MS } from "@wanlian/client/transport/connection-limits.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { expect } from "chai";

describe("the API over TLS", () => {
  let directory: string;
  let organisation: Organisation;
  let server: Server | undefined;
  const files = () => ({ cert: join(directory, "cert.pem"), key: join(directory, "key.pem") });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-https-"));
    organisation = await Organisation.create(join(directory, "org"), "CivilMSP", "civil affairs");
  });
  afterEach(() => server?.close());
  after(() => rm(directory, { recursive: true, force: true }));

  /** Writes a certificate, as of the given second. */
  async function certify(second: number): Promise<string> {
    const made = await organisation.tls.issue({ kind: "tls", name: "node", hosts: ["127.0.0.1"] });
    await writeFile(files().cert, made.certificate);
    await writeFile(files().key, made.privateKey);
    for (const file of Object.values(files())) await utimes(file, second, second);
    return made.certificate;
  }

  async function serve(): Promise<Server> {
    server = (await serverFor((_request, response) => response.end("served"), files())) as Server;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  /** The serial number of the certificate that is shown to who trusts the department's authority. */
  function shown(running: Server): Promise<string> {
    const { port } = running.address() as AddressInfo;
    const ca = organisation.tls.certificate;
    return new Promise((resolve, reject) => {
      const request = get({ host: "127.0.0.1", port, ca, agent: false }, (response) => {
        const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
        response.resume().once("end", () => resolve(serialNumber));
      });
      request.once("error", reject);
    });
  }

  it("shows its certificate, and a renewed one without a new start", async () => {
    await certify(1_000);
    const running = await serve();
    const first = await shown(running);
    await renew(running, files());
    expect(await shown(running), "nothing was renewed").to.equal(first);
    await certify(2_000);
    await renew(running, files());
    expect(await shown(running)).not.to.equal(first);
  });

  it("goes on with the former certificate where the new files are no good", async () => {
    await certify(1_000);
    const running = await serve();
    const first = await shown(running);
    await writeFile(files().key, "half a key");
    expect(
      await renew(running, files()).then(
        () => "taken",
        () => "refused",
      ),
    ).to.equal("refused");
    expect(await shown(running)).to.equal(first);
  });

  it("closes a connection that does not say anything in time, and holds none for headers that never end", async () => {
    await certify(1_000);
    const running = await serve();
    expect(running.headersTimeout).to.equal(HEADERS_MS);
    const silent = connect((running.address() as AddressInfo).port, "127.0.0.1");
    const began = performance.now();
    await once(silent.resume(), "close");
    expect(performance.now() - began).to.be.within(HANDSHAKE_MS / 2, HANDSHAKE_MS * 5);
  }).timeout(60_000);

  it("says which files it cannot serve with", async () => {
    await writeFile(files().key, "no key");
    const refusal = await serverFor(() => undefined, files()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).to.include({ code: "CONFIGURATION" });
    expect(String(refusal)).to.contain(files().key);
  });
});
