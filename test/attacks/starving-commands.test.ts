import { filingRoute } from "@wanlian/client/api-document/index.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { type Filed, refusalCode } from "@wanlian/scripts/host/desk.js";
import type { Post } from "@wanlian/scripts/host/officers.js";
import { untilAllHave } from "@wanlian/scripts/story/waiting.js";
import { expect } from "chai";
import { BUREAU, CIVIL, DIVISIONS, divisions, HEALTH, officers, POLICE, POLICY_1 } from "../model/bodies.js";
import { everything } from "../model/everything.js";
import type { World } from "../model/world.js";
import { everythingOf2 } from "../model-2/everything.js";
import { isAvailable, NETWORKS } from "../pilot/networks.js";
import { PILOT_START_MS } from "../pilot/shared.js";
import { RunningPilot } from "../pilot/shared-pilot.js";

const POSTS: readonly Post[] = ["user", "steward", "administrator"];

/** What no officer files: each with why nobody's legal acts keep it away for longer than the others'. */
const NOT_FILED: Readonly<Record<string, string>> = {
  "policy open": "there is nothing before it",
  "log open": "the node's own, on nothing that all others do not rest on",
  "log anchor": "the node's own, on nothing that all others do not rest on",
  "log rotate": "of a key that a running node signs with; on nothing that all others do not rest on",
  "log beginAnew": "of a log that a running node writes to; on nothing that all others do not rest on",
};

/** Days as the pilot has them: its policy's first amendment is in force a day after the course's. */
const DAYS = [
  ["2026-10-13", "2026-10-14"],
  ["2026-10-12T", "2026-10-13T"],
  ["2026-09-28", "2026-09-29"],
] as const;

interface Step {
  readonly noun: NounDefinition;
  readonly type: string;
  readonly by: string;
  readonly case: string;
  readonly body: unknown;
  /** The cases of other acts that it rests on, by name. */
  readonly basis: readonly string[];
  /** Where the course has it. */
  readonly number: number;
  readonly transaction: string;
}

/** Minutes of a pilot of its own: for a night (docs/testing.md). */
const isAsked = process.env.STARVE_ALL === "1";

/** Each version of the rules, with a course in which all its commands come up. */
const VERSIONS: readonly { readonly model: Model; readonly played: () => World }[] = [
  { model: model1, played: everything },
  { model: model2, played: everythingOf2 },
];
const CASES = VERSIONS.flatMap((version) => NETWORKS.map((consensus) => ({ ...version, consensus })));

/** Trust: whichever command it is, a department that does its worst by legal acts delays it by a tick at most. */
for (const { model, played, consensus } of CASES) {
  const register = isAsked && isAvailable(consensus) ? describe : describe.skip;
  register(`attacks › starving every command of every noun of version ${model.version} (${consensus})`, function () {
    this.timeout(2 * PILOT_START_MS);
    let pilot: RunningPilot;
    let serial = 0;
    /** Transactions of the course, and what they are on the pilot. */
    const ids = new Map<string, string>();
    /** Numbers of motions: others' acts come between. */
    const motions = new Map<number, number>();
    const counted = new Set<string>();
    /** Moves of an attack since the last tick, by what it moves. */
    const moved = new Map<string, number>();

    before(async () => {
      pilot = await RunningPilot.start({ departments: 4, consensus, model: model.version });
      await pilot.open();
    });

    after(() => pilot.remove());

    const desk = (department: string, post: Post) => pilot.desk(department, post);

    /** The text as the pilot's cases have it. */
    function here(text: string): string {
      let said = text;
      for (const [course, own] of ids) said = said.replaceAll(course, own);
      return said;
    }

    async function tick(time?: string): Promise<Filed> {
      const civil = await desk(CIVIL, "administrator");
      const { case: clock } = await civil.get<{ case: { state: { time: string } } }>("clock");
      const next = new Date(Date.parse(clock.state.time) + 1000).toISOString().replace(".000", "");
      const ticked = await civil.file("clock/tick", { time: time ?? next });
      moved.clear();
      return ticked;
    }

    /** What a department can do again and again, legally, to a case that others' acts rest on. */
    const attacks: readonly { readonly on: string; readonly by: string; move(): Promise<unknown> }[] = [
      {
        on: `dataset/${DIVISIONS}`,
        by: CIVIL,
        async move() {
          const { code: _code, ...content } = divisions;
          const body = { ...content, name: `数据集${serial}`, changes: "名称" };
          return (await desk(CIVIL, "steward")).file(`datasets/${DIVISIONS}/revise`, body);
        },
      },
      {
        on: "consortium/consortium",
        by: POLICE,
        async move() {
          const police = await desk(POLICE, "administrator");
          const body = { kind: "admit", subject: `Noise${serial}MSP`, name: "噪声" };
          const { number } = await police.file("consortium/propose", body);
          return police.file("consortium/withdraw", { motion: number });
        },
      },
      {
        on: `member/${HEALTH}`,
        by: HEALTH,
        async move() {
          const body = { ...officers, head: `8${serial}` };
          return (await desk(HEALTH, "administrator")).file(`members/${HEALTH}/update`, body);
        },
      },
      {
        on: "policy/policy",
        by: BUREAU,
        async move() {
          const body = { ...POLICY_1, model: await modelHere(), endorsers: 2 + (serial % 2), from: "2027-06-01" };
          return (await desk(BUREAU, "administrator")).file("policy/amend", body);
        },
      },
    ];

    async function modelHere(): Promise<number> {
      const bureau = await desk(BUREAU, "administrator");
      const { case: policy } = await bureau.get<{ case: { state: { versions: { rules: { model: number } }[] } } }>(
        "policy",
      );
      return policy.state.versions[0]?.rules.model ?? 1;
    }

    /** Files, a command for the first time while another department moves what it rests on, from before it is filed until it counts. */
    async function against(step: Step, file: () => Promise<Filed>): Promise<Filed> {
      const attack = attacks.find(({ on, by }) => by !== step.by && step.basis.includes(on));
      // What rests on the bureau's own cases and the clock alone, nobody else can move.
      if (attack === undefined) expect(step.by, `${step.noun.name} ${step.type}`).to.equal(BUREAU);
      if (attack === undefined || counted.has(`${step.noun.name} ${step.type}`)) return file();
      // Whoever has used up its room has to wait for the next tick, and has not by then.
      if (attacks.some(({ on, by }) => moved.has(on) && (on === attack.on || by === step.by))) await tick();
      let isOver = false;
      const looping = (async () => {
        while (!isOver) {
          serial += 1;
          try {
            await attack.move();
            moved.set(attack.on, (moved.get(attack.on) ?? 0) + 1);
          } catch (error) {
            const code = refusalCode(error);
            // It has used up its room, or the bureau's role went to another.
            if (code === "TOO_MANY_ACTS" || code === "NOT_OWNER") return;
            if (code !== "CONFLICT" && code !== "MOVED") throw error;
          }
        }
      })();
      try {
        return await file();
      } finally {
        isOver = true;
        await looping;
      }
    }

    it("leaves each of them its turn before the next tick", async () => {
      for (const step of [...course(), ...comingAndGoing()]) {
        const name = `${step.noun.name} ${step.type}`;
        if (name in NOT_FILED || step.by === NEWCOMER || step.case === NEWCOMER) continue;
        const { time } = step.body as { time?: string };
        const filed =
          name === "clock tick"
            ? await against({ ...step, by: CIVIL }, () => tick(time))
            : await against(step, () => filedBy(step));
        await allHave(filed);
        if (counted.size === 0) await tick("2026-09-29T01:00:00Z"); // the day of the policy that was amended first
        counted.add(name);
        ids.set(step.transaction, filed.transactionId);
        if (name === "consortium propose") motions.set(step.number, filed.number);
      }
      const commands = Object.values(model.nouns).flatMap((noun) =>
        Object.keys(noun.commands).map((type) => `${noun.name} ${type}`),
      );
      expect(commands.filter((command) => !counted.has(command) && !(command in NOT_FILED))).to.deep.equal([]);
    });

    /** Whoever files next is told of it by the own node. */
    async function allHave({ block }: Filed): Promise<void> {
      const players = [BUREAU, CIVIL, HEALTH, POLICE].map(async (department) => {
        const name = { zh: department, en: department };
        return { name, user: await desk(department, "administrator") };
      });
      await untilAllHave(block, await Promise.all(players));
    }

    /** By the officer of the department whom the table lets do it. */
    async function filedBy(step: Step): Promise<Filed> {
      const { noun, type, by, case: id } = step;
      const definition = noun.commands[type];
      if (definition === undefined) throw new RangeError(`${noun.name} knows no ${type}`);
      const route = filingRoute(noun, type, definition)
        .replace("{provider}/{code}", here(id))
        .replace("{case}", here(id))
        .slice(1);
      const content = await bodyHere(step);
      let refusal: unknown;
      for (const post of POSTS.filter((post) => definition.by.some(({ role }) => role === post))) {
        try {
          return await (await desk(by, post)).file(route, content);
        } catch (error) {
          refusal = error;
          // Whoever decided before a case that all may begin had its first act looks again: it is begun once.
          const isFirst = ![...counted].some((command) => command.startsWith(`${noun.name} `));
          if (refusalCode(error) === "MOVED" && isFirst) return (await desk(by, post)).file(route, content);
          if (refusalCode(error) !== "NOT_PERMITTED") throw new Error(`${by} ${post} ${route}: ${String(error)}`);
        }
      }
      throw refusal;
    }

    async function bodyHere({ noun, type, body }: Step): Promise<unknown> {
      const own = JSON.parse(here(JSON.stringify(body))) as { readonly motion?: number };
      if (own.motion !== undefined) return { ...own, motion: motions.get(own.motion) };
      if (type === "giveUpSeat") return { department: NEWCOMER };
      return noun.name === "policy" && type === "amend" ? { ...own, model: await modelHere() } : own;
    }

    /** A department of the pilot leaves and comes back: the course's newcomer has no node here. */
    function comingAndGoing(): Step[] {
      const foundations = ["policy/policy", "clock/clock", "consortium/consortium"];
      const step = (by: string, noun: "consortium" | "member", type: string, body: object): Step => ({
        ...{ noun: model.nouns[noun] as NounDefinition, type, by, body, basis: foundations },
        ...{ case: noun === "member" ? HEALTH : "consortium", number: BACK, transaction: `${noun} ${type} by ${by}` },
      });
      return [
        step(HEALTH, "consortium", "leave", {}),
        step(CIVIL, "member", "depart", { department: HEALTH }),
        step(CIVIL, "consortium", "propose", { kind: "admit", subject: HEALTH, name: "health commission" }),
        step(BUREAU, "consortium", "vote", { motion: BACK, vote: "inFavour" }),
        step(POLICE, "consortium", "vote", { motion: BACK, vote: "inFavour" }),
        step(HEALTH, "member", "join", officers),
      ];
    }

    function course(): Step[] {
      const { acts, transactions } = played();
      return acts.flatMap((act, at): Step[] => {
        const transaction = transactions[at] ?? "";
        const noun = model.nouns[act.noun];
        if (noun === undefined || at < BEGINNING) return [];
        const step: Step = {
          noun,
          type: act.type,
          by: act.author.department,
          case: act.case,
          body: bodyOf(act),
          basis: act.basis.map(caseName),
          number: act.number,
          transaction,
        };
        return [step];
      });
    }

    function bodyOf({ body }: Act): unknown {
      let text = JSON.stringify(body);
      for (const [course, own] of DAYS) text = text.replaceAll(course, own);
      return JSON.parse(text.replaceAll(`{"digest":"${"a".repeat(64)}"}`, '{"text":"理由"}'));
    }
  });
}

/** Stands for the number of the motion by which a department of the pilot comes back. */
const BACK = 1_000_000;
/** Who joins in the course, and has no node in the pilot: it loses its seat at last, as one who never came. */
const NEWCOMER = "TaxMSP";
/** Policy 1, the first tick and the founders' joining: the pilot has them. */
const BEGINNING = 6;
