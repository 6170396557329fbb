import { button, labelled, make } from "./elements.ts";
import { keyPart } from "./key-part.ts";
import { NodeWindow } from "./node-window.ts";
import { Officer } from "./officer.ts";
import { shown, titleOf } from "./shown.ts";
import { changeLanguage, otherLanguage, say } from "./words.ts";

/*
 * The signing page: one file without a network, opened from the officer's own disk or from any department's node. It
 * opens the page of the officer's node, and that page asks here for signatures. Read it from here.
 */

/** Where the officer's node is: nothing secret, and the only thing kept beside the key. */
const KEPT_AS = "wanlian.node";

const officer = new Officer(draw);
const node = new NodeWindow(officer.answering);
let problem: string | undefined;

function draw(): void {
  const page = document.getElementById("page");
  // Nobody's typing is drawn over; a file that was chosen no script may put back.
  const fields = document.querySelectorAll<HTMLInputElement>("input:not([type=file]), textarea");
  const typed = new Map([...fields].map((field) => [field.id, field.value]));
  const focused = document.activeElement?.id;
  page?.replaceChildren(
    make("header", {}, make("h1", {}, say("signer.title")), languageButton()),
    make("p", {}, say("signer.what")),
    askedPart(),
    nodePart(),
    keyPart(officer),
    officer.signed.length === 0 ? "" : signedPart(),
  );
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
  }
  if (focused) document.getElementById(focused)?.focus();
}

function languageButton(): HTMLElement {
  return button(otherLanguage(), () => {
    changeLanguage();
    draw();
  });
}

/** What waits to be read: one decision after the other. */
function askedPart(): HTMLElement {
  const [first] = officer.asked;
  const heading = make("h2", {}, say("signer.asked"));
  if (first === undefined) return make("section", {}, heading, make("p", {}, say("signer.asked.none")));
  const { decision, settle } = first;
  return make(
    "section",
    { className: "asked", ariaLive: "polite" },
    heading,
    make("p", {}, say("signer.from", { origin: node.origin })),
    make("h3", {}, titleOf(decision)),
    shown(decision),
    button(say("signer.sign"), () => settle("agreed")),
    button(say("signer.decline"), () => settle("declined")),
  );
}

function nodePart(): HTMLElement {
  const own = location.protocol === "file:" ? "" : location.origin;
  const address = make("input", { id: "address", value: localStorage.getItem(KEPT_AS) ?? own, required: true });
  const form = make(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        open(address.value.trim());
      },
    },
    labelled(say("signer.address"), address),
    problem === undefined ? undefined : make("p", { role: "alert" }, problem),
    make("button", {}, say("signer.open")),
  );
  return make("section", {}, make("h2", {}, say("signer.node")), form);
}

function open(address: string): void {
  const isPage = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (isPage) localStorage.setItem(KEPT_AS, address);
  problem = !isPage ? say("signer.address.wrong") : node.open(new URL(address)) ? undefined : say("signer.blocked");
  draw();
}

function signedPart(): HTMLElement {
  const items = officer.signed.map(({ title, at }) => make("li", {}, `${at.toLocaleTimeString()} ${title}`));
  return make("section", {}, make("h2", {}, say("signer.signed")), make("ol", {}, ...items));
}

void officer.refresh();
