import { timeText } from "@wanlian/words/index.js";
import { Collapse, Tag, Timeline } from "antd";
import { useWords } from "../../app/language.ts";
import type { FoldedAct } from "../../session/api.ts";
import { Department, State, Who } from "../names.tsx";
import { Value } from "../value.tsx";
import { Subject } from "./subject.tsx";

/** Acts as people read them: who did what, when, what it became, and where it stands on the ledger. */
export function Acts({ acts, withCase }: { readonly acts: readonly FoldedAct[]; readonly withCase?: "withCase" }) {
  const { t, words, language } = useWords();
  return (
    <Timeline
      items={acts.map((act) => ({
        key: `${act.block}.${act.transaction}`,
        color: act.counted ? "blue" : "red",
        content: (
          <article className="act">
            <div>
              <strong>{words.done(act.noun, act.type)}</strong>{" "}
              {withCase === undefined ? null : <Subject noun={act.noun} id={act.case} state={act.state} />}{" "}
              {act.counted ? (
                <State noun={act.noun} status={statusIn(act.state)} />
              ) : (
                <Tag color="red">
                  {t("case.void")}
                  {act.reason === undefined ? "" : ` ${act.reason}`}
                </Tag>
              )}
            </div>
            <div className="quiet">
              {timeText(act.time, language)} · <Department id={act.department} />{" "}
              <Who officer={act.officer} machine={act.machine} /> ·{" "}
              {t("case.onLedger", { number: act.number, block: act.block })}
            </div>
            {isEmpty(act.body) ? null : (
              <Collapse
                ghost
                size="small"
                items={[{ key: "body", label: t("case.content"), children: <Value member="" value={act.body} /> }]}
              />
            )}
          </article>
        ),
      }))}
    />
  );
}

function statusIn(state: unknown): string {
  return typeof state === "object" && state !== null && "status" in state ? String(state.status) : "";
}

const isEmpty = (body: unknown): boolean => typeof body !== "object" || body === null || Object.keys(body).length === 0;
