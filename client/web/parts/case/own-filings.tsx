import { useQueries, useQuery } from "@tanstack/react-query";
import type { Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf } from "@wanlian/model/time/instant.js";
import { timeText } from "@wanlian/words/index.js";
import { Empty, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { type CaseDetail, callRoute, type FoldedAct } from "../../session/api.ts";
import { caseAddress, type Page, useModel, useStatus } from "../../session/ledger.ts";
import { useOfficer } from "../../session/session.tsx";
import { Asked } from "../asked.tsx";
import { State } from "../names.tsx";
import { Subject } from "./subject.tsx";

/** How far back is looked, by the ledger's clock. */
const DAYS = 60;
const MOST_LOOKED_AT = 500;
const MOST_SHOWN = 15;

/** What the officer filed lately, the last first, and what became of it since. */
export function OwnFilings() {
  const { t } = useWords();
  const { department, officer } = useOfficer();
  const now = useStatus().data?.ledgerTime;
  const acts = useQuery({
    queryKey: ["own-filings", department, officer, now === undefined ? undefined : dayOf(now as Instant)],
    enabled: now !== undefined,
    queryFn: async () => {
      const query = new URLSearchParams({ limit: String(MOST_LOOKED_AT) });
      if (now !== undefined) query.set("from", `${addDays(dayOf(now as Instant), -DAYS)}T00:00:00Z`);
      const path = `/trace/departments/${encodeURIComponent(department)}/officers/${encodeURIComponent(officer)}`;
      return (await callRoute<Page<FoldedAct>>("GET", `${path}?${query}`)).items;
    },
  });
  return (
    <Asked query={acts}>
      {(items) =>
        items.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("toDo.mine.none")} />
        ) : (
          <Filed acts={items.toReversed().slice(0, MOST_SHOWN)} />
        )
      }
    </Asked>
  );
}

function Filed({ acts }: { readonly acts: readonly FoldedAct[] }) {
  const { t, words, language } = useWords();
  const model = useModel().data;
  const cases = [...new Map(acts.map((act) => [`${act.noun}/${act.case}`, act])).entries()];
  const states = useQueries({
    queries: cases.map(([, act]) => {
      const table = model?.get(act.noun);
      return {
        queryKey: ["case", act.noun, act.case],
        enabled: table !== undefined && act.counted,
        queryFn: () => callRoute<CaseDetail>("GET", table === undefined ? "" : caseAddress(table, act.case)),
      };
    }),
  });
  const nowOf = (act: FoldedAct) => states[cases.findIndex(([name]) => name === `${act.noun}/${act.case}`)]?.data?.case;
  return acts.map((act) => {
    const now = nowOf(act);
    return (
      <div className="item" key={`${act.block}.${act.transaction}.${act.noun}/${act.case}/${act.number}`}>
        <div>
          <div className="row">
            <strong>{words.done(act.noun, act.type)}</strong>
            <Subject noun={act.noun} id={act.case} state={act.state} />
          </div>
          <div className="quiet">{timeText(act.time, language)}</div>
        </div>
        {act.counted ? (
          now === undefined ? null : (
            <span className="row">
              <span className="quiet">{t("toDo.mine.now")}</span>
              <State noun={act.noun} status={now.status} />
            </span>
          )
        ) : (
          <Tag color="red">
            {t("case.void")} {language === "en" ? act.reason : ""}
          </Tag>
        )}
      </div>
    );
  });
}
