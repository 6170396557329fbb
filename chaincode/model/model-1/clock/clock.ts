import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { Instant } from "../../identifiers.js";
import { secondsBetween } from "../../time/instant.js";
import { mayStillJoin } from "../consortium/seats.js";
import { closed } from "../limits.js";
import { by, commandsOf, defineNoun, NONE } from "../table.js";

/** Nodes tick the clock once it is this old; the model refuses to be asked more often. */
export const TICK_SECONDS = 5 * 60;
export const Tick = closed({ time: Instant });
export type Tick = Static<typeof Tick>;
export const ClockState = closed({ status: Type.Literal("ticking"), time: Instant });
export type ClockState = Static<typeof ClockState>;

const command = commandsOf<ClockState>();

/** 时钟: the ledger's time. An act's time is that of the last tick before it. */
export const clock = defineNoun<ClockState>({
  name: "clock",
  title: { zh: "账本时钟", en: "clock" },
  identity: "single",
  statuses: ["ticking"],
  state: ClockState,
  pace: "unpaced",
  commands: {
    tick: command({
      summary: "set the ledger's time",
      body: Tick,
      from: [NONE, "ticking"],
      to: ["ticking"],
      by: [...by("member", "node"), ...by("founder", "node")],
      standing: "newcomer",
      time: (body) => body.time,
      apply(decision) {
        const { body, state, policy, actor } = decision;
        const { time } = body;
        const last = state?.time ?? policy.opened;
        const member = decision.find("member", actor.department);
        ensure(
          member?.status === "active" || (member === undefined && mayStillJoin(policy.opened, last)),
          "NOT_A_MEMBER",
          `${actor.department} is no active member`,
        );
        // A demo channel's days pass by ticks; time never goes back on any channel.
        const least = !state ? 0 : policy.demo ? 1 : TICK_SECONDS;
        ensure(
          secondsBetween(last, time) >= least,
          "TOO_EARLY",
          `the clock stands at ${last}; the next tick is ${least} s later at the earliest, not ${time}`,
        );
        return { status: "ticking", time };
      },
    }),
  },
  // A founder may tick while it can still be expected to join: without a clock it could not.
  relations: ({ policy, actor }) => (policy?.founders.includes(actor.department) ? ["founder"] : []),
  describe: (_ref, state) => ({ status: state.status, parties: [], deadlines: [], references: [] }),
});
