import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Check } from "../../parts/case/check.tsx";
import { useBeginnings } from "../../session/actions.ts";
import { currentCase } from "../../session/filing.ts";
import { type NounTable, useModel } from "../../session/ledger.ts";
import type { UsageDraft } from "../../session/supervision.ts";

/** Files what of a month has not been stated, act by act, without anybody typing figures. */
export function Stating({ draft }: { readonly draft: UsageDraft }) {
  const { t, words } = useWords();
  // Whoever may state a month may amend it.
  const mayState = useBeginnings("usage").includes("state");
  const table = useModel().data?.get("usage");
  const [wanted, setWanted] = useState<Wanted>();
  const type = draft.isStated ? "amend" : "state";
  const [body] = draft.bodies;
  if (wanted !== undefined && table !== undefined)
    return <Filing wanted={wanted} table={table} over={() => setWanted(undefined)} />;
  if (!mayState || body === undefined) return null;
  const begin = () => setWanted({ type, body, key: crypto.randomUUID(), id: `${draft.department}/${draft.month}` });
  return (
    <div className="row no-print">
      <Button type="primary" onClick={begin}>
        {words.command("usage", type)}
      </Button>
      {draft.bodies.length === 1 ? null : (
        <span className="quiet">{t("usage.parts", { count: draft.bodies.length })}</span>
      )}
    </div>
  );
}

interface Wanted {
  readonly type: "state" | "amend";
  readonly body: unknown;
  readonly key: string;
  readonly id: string;
}

function Filing({
  wanted: { type, body, key, id },
  table,
  over,
}: {
  readonly wanted: Wanted;
  readonly table: NounTable;
  readonly over: () => void;
}) {
  const { t } = useWords();
  const { message } = App.useApp();
  const command = table.commands.find((row) => row.type === type);
  const begun = useQuery({
    queryKey: ["begun", "usage", type, id, key],
    queryFn: async () => (type === "state" ? null : await currentCase(table, id)),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (command === undefined) return null;
  return (
    <Asked query={begun}>
      {(found) => (
        <Check
          decision={{
            ...{ table, command, body, key },
            id: type === "state" ? undefined : id,
            seen: found?.case.act,
          }}
          back={over}
          done={() => {
            void message.success(t("app.done"));
            over();
          }}
        />
      )}
    </Asked>
  );
}
