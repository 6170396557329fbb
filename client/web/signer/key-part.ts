import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Buffer } from "buffer";
import { fingerprintOf, isCertificateOf, makeKey } from "../signing/key.ts";
import { keepCertified, keyInFile } from "../signing/key-file.ts";
import { KEY_FILE_WORDS, KeyFileRefusal } from "../signing/key-file-refusal.ts";
import { forgetKey, type KeptKey } from "../signing/key-store.ts";
import { button, labelled, make } from "./elements.ts";
import type { Officer } from "./officer.ts";
import { say } from "./words.ts";

/** The key: made here or out of a file, certified by the department, or forgotten. */
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
  return [made, make("h3", {}, say("key.pkcs12")), make("p", {}, say("key.pkcs12.what")), fromFile(officer)];
}

/** Chosen and not opened yet: what is drawn anew does not forget it. */
let chosen: File | undefined;

function fromFile(officer: Officer): HTMLElement {
  const { node } = officer;
  if (node === undefined) return make("p", {}, say("signer.first"));
  const name = make("span", {}, chosen?.name ?? "");
  const file = make("input", { id: "file", type: "file", accept: ".p12,.pfx,application/x-pkcs12" });
  file.onchange = () => {
    chosen = file.files?.[0] ?? chosen;
    name.textContent = chosen?.name ?? "";
  };
  const passphrase = make("input", { id: "passphrase", type: "password", autocomplete: "off", maxLength: 1024 });
  const problem = make("p", { role: "alert", hidden: true });
  const open = make("button", {}, say("key.pkcs12.open"));
  return make(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        open.disabled = true;
        void keyInFile(chosen ?? new File([], ""), passphrase.value)
          .then(({ key, certificate }) => keepCertified(key, certificate, node))
          .then(
            () => {
              chosen = undefined;
              passphrase.value = "";
              return officer.refresh();
            },
            (refused: unknown) => {
              open.disabled = false;
              problem.hidden = false;
              problem.textContent = refusalText(refused);
            },
          );
      },
    },
    labelled(say("key.pkcs12.choose"), file),
    name,
    labelled(say("key.pkcs12.passphrase"), passphrase),
    problem,
    open,
  );
}

const refusalText = (refused: unknown): string =>
  refused instanceof KeyFileRefusal ? say(KEY_FILE_WORDS[refused.code]) : String(refused);

function waiting(officer: Officer, key: KeptKey): HTMLElement[] {
  const { node } = officer;
  const about = [identity(key), make("p", {}, say("key.request")), make("pre", { id: "request" }, key.request ?? "")];
  if (node === undefined) return [...about, make("p", {}, say("signer.first")), forgetting(officer)];
  const pem = make("textarea", { id: "certificate", rows: 5, required: true });
  const problem = make("p", { role: "alert", hidden: true });
  const installed = make(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        const refuse = (text: string) => {
          problem.hidden = false;
          problem.textContent = text;
        };
        if (!isCertificateOf(key, pem.value)) refuse(say("key.mismatch"));
        else
          void keepCertified(key, pem.value, node).then(
            () => officer.refresh(),
            (refused: unknown) => refuse(refusalText(refused)),
          );
      },
    },
    labelled(say("key.certificate"), pem),
    make("p", {}, say("signer.ledger"), ": ", say("signer.ledgerOf", { ...node, authorities: "" })),
    problem,
    make("button", {}, say("key.install")),
  );
  return [...about, installed, forgetting(officer)];
}

const forgetting = (officer: Officer): HTMLElement =>
  button(say("key.forget"), () => void forgetKey().then(() => officer.refresh()));

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
    forgetting(officer),
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
