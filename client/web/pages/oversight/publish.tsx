import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Check } from "../../parts/case/check.tsx";
import { useBeginnings } from "../../session/actions.ts";
import { callRoute } from "../../session/api.ts";
import { useModel } from "../../session/ledger.ts";
import type { Period } from "../../session/supervision.ts";

/** The bureau's: publishes what its node computes, as it is. */
export function Publish({ period: { from, to } }: { readonly period: Period }) {
  const { words } = useWords();
  const mayPublish = useBeginnings("evaluation").includes("publish");
  const [key, setKey] = useState<string>();
  if (!mayPublish) return null;
  return (
    <div className="no-print">
      {key === undefined ? (
        <Button onClick={() => setKey(crypto.randomUUID())}>{words.command("evaluation", "publish")}</Button>
      ) : (
        <Publishing from={from} to={to} filing={key} back={() => setKey(undefined)} />
      )}
    </div>
  );
}

function Publishing({ from, to, filing, back }: Period & { readonly filing: string; readonly back: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const table = useModel().data?.get("evaluation");
  const command = table?.commands.find(({ type }) => type === "publish");
  const computed = useQuery({
    queryKey: ["to-publish", from, to, filing],
    queryFn: () => callRoute<{ readonly body: unknown }>("GET", `/indicators?${new URLSearchParams({ from, to })}`),
    // What is checked and what is filed are the same.
    staleTime: Infinity,
    gcTime: 0,
  });
  if (table === undefined || command === undefined) return null;
  return (
    <Asked query={computed}>
      {({ body }) => (
        <Check
          decision={{ table, command, id: undefined, body, key: filing, seen: undefined }}
          back={back}
          done={() => void message.success(t("app.done"))}
        />
      )}
    </Asked>
  );
}
