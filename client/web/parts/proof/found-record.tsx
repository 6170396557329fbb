import { useQuery } from "@tanstack/react-query";
import { denseTimeText } from "@wanlian/words/index.js";
import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { useWords } from "../../app/language.ts";
import { answered, api, Refusal } from "../../session/api.ts";
import { Asked } from "../asked.tsx";
import { Card } from "../card.tsx";
import { CaseLink, Department, Who } from "../names.tsx";
import { EvidenceButton } from "./evidence-button.tsx";

/** The access record of a number, if the node has it; else something instead. */
export function FoundRecord({ id, otherwise }: { readonly id: string; readonly otherwise: ReactNode }) {
  const { t, words } = useWords();
  const record = useQuery({
    queryKey: ["access-record", id],
    retry: false,
    queryFn: async () => {
      const page = await foundOr(answered(api.GET("/accesses", { params: { query: { record: id } } })));
      return page?.items[0] ?? null;
    },
  });
  return (
    <Asked query={record}>
      {(row) =>
        row === null ? (
          otherwise
        ) : (
          <Card title={<h2 className="card-title">{t("trace.record")}</h2>} extra={<EvidenceButton record={row.id} />}>
            <Descriptions
              column={1}
              size="small"
              items={[
                { key: "time", label: t("use.time"), children: denseTimeText(row.time) },
                { key: "provider", label: words.member("provider"), children: <Department id={row.provider ?? ""} /> },
                {
                  key: "who",
                  label: t("use.who"),
                  children: (
                    <>
                      <Department id={row.consumer ?? ""} /> <Who officer={row.officer ?? ""} machine={row.machine} />
                    </>
                  ),
                },
                {
                  key: "dataset",
                  label: words.noun("dataset"),
                  children: row.dataset === undefined ? "—" : <CaseLink noun="dataset" id={row.dataset} />,
                },
                {
                  key: "purpose",
                  label: words.member("purpose"),
                  children: row.purpose ? words.value("purpose", row.purpose) : "—",
                },
                { key: "result", label: t("use.result"), children: words.result(row.result ?? "") },
              ]}
            />
          </Card>
        )
      }
    </Asked>
  );
}

/** What is not there, or not configured at this node, is no fault of a search. */
const ABSENT: ReadonlySet<string> = new Set(["NO_SUCH_ENTRY", "NO_SUCH_CASE", "NO_SUCH_ROUTE", "NOT_READY"]);

/** Undefined where it is not there. */
export async function foundOr<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && ABSENT.has(error.code)) return undefined;
    throw error;
  }
}
