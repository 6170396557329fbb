import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Buffer } from "buffer";
import { fingerprintOf, isCertificateOf, isIssuedBy, makeKey } from "../signing/key.ts";
import { forgetKey, type KeptKey, keepKey } from "../signing/key-store.ts";
import { button, labelled, make } from "./elements.ts";
import type { Officer } from "./officer.ts";
import { say } from "./words.ts";

/** The key: made here, certified by the department, or forgotten. */
export function keyPart(officer: Officer): HTMLElement {
  const { key } = officer;
  const content =
    key === undefined ? none(officer) : key.certificate === undefined ? waiting(officer, key) : ready(officer, key);
  return make("section", {}, make("h2", {}, say("key.title")), ...content);
}

function none(officer: Officer): HTMLElement[] {
  const number = make("input", { id: "officer", maxLength: 64, required: true });
  const made = make(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        void makeKey(number.value.trim()).then(() => officer.refresh());
      },
    },
    labelled(say("logIn.officer"), number),
    make("button", {}, say("key.make")),
  );
  return [made];
}

function waiting(officer: Officer, key: KeptKey): HTMLElement[] {
  const { node } = officer;
  const about = [identity(key), make("p", {}, say("key.request")), make("pre", { id: "request" }, key.request ?? "")];
  if (node === undefined) return [...about, make("p", {}, say("signer.first"))];
  const pem = make("textarea", { id: "certificate", rows: 5, required: true });
  const problem = make("p", { role: "alert", hidden: true });
  const installed = make(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        const certificate = pem.value;
        problem.hidden = false;
        if (!isCertificateOf(key, certificate)) problem.textContent = say("key.mismatch");
        else if (!isIssuedBy(node.authorities, certificate)) problem.textContent = say("key.foreign");
        else {
          const { channel, chaincode, department: mspId } = node;
          void keepKey({ ...key, certificate, ledger: { channel, chaincode, mspId } }).then(() => officer.refresh());
        }
      },
    },
    labelled(say("key.certificate"), pem),
    make("p", {}, say("signer.ledger"), ": ", say("signer.ledgerOf", { ...node, authorities: "" })),
    problem,
    make("button", {}, say("key.install")),
  );
  return [...about, installed];
}

function ready(officer: Officer, key: KeptKey): HTMLElement[] {
  const { channel = "", chaincode = "", mspId: department = "" } = key.ledger ?? {};
  const ends = Certificate.fromPem(Buffer.from(key.certificate ?? "")).notAfter;
  return [
    make("p", {}, say("key.ready")),
    identity(key),
    make(
      "dl",
      {},
      ...[
        [say("signer.ledger"), say("signer.ledgerOf", { department, channel, chaincode })] as const,
        [say("key.ends"), ends.toISOString().slice(0, 10)] as const,
      ].flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, text)]),
    ),
    button(say("key.forget"), () => void forgetKey().then(() => officer.refresh())),
  ];
}

function identity(key: KeptKey): HTMLElement {
  return make(
    "dl",
    {},
    make("dt", {}, say("logIn.officer")),
    make("dd", {}, key.officer),
    make("dt", {}, say("key.fingerprint")),
    make("dd", {}, make("code", {}, fingerprintOf(key))),
  );
}
