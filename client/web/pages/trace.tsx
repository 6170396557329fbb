import { useQuery } from "@tanstack/react-query";
import { Card, Empty, Input, Upload } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { Acts } from "../parts/timeline.tsx";
import { callRoute, type FoldedAct, Refusal } from "../session/api.ts";
import { useDepartments } from "../session/ledger.ts";

const Verdict = lazy(() => import("../parts/verdict.tsx"));

const HEX = /^[0-9a-f]{64}$/i;
const DATASET = /^([A-Za-z0-9.-]+)\/([A-Za-z0-9-]+)$/;
const OFFICER = /^([A-Za-z0-9.-]+)\s+([A-Za-z0-9._@-]+)$/;

/** One search box for everything that happened, and any evidence file checked here, without a node. */
export function Trace() {
  const { t } = useWords();
  const [sought, setSought] = useState("");
  const [file, setFile] = useState<File>();
  return (
    <>
      <h1>{t("trace.title")}</h1>
      <div className="stack">
        <Input.Search
          allowClear
          size="large"
          aria-label={t("trace.what")}
          placeholder={t("trace.what")}
          onSearch={(text) => setSought(text.trim())}
        />
        {sought === "" ? null : <Found sought={sought} />}
        <Card title={<h2 className="card-title">{t("trace.evidence")}</h2>}>
          <div className="stack">
            <Upload.Dragger
              accept=".json,application/json"
              maxCount={1}
              showUploadList={false}
              beforeUpload={(chosen) => {
                setFile(chosen);
                return Upload.LIST_IGNORE;
              }}
            >
              <p>{t("trace.evidence.drop")}</p>
            </Upload.Dragger>
            {file === undefined ? null : (
              <Suspense>
                <Verdict key={`${file.name} ${file.lastModified}`} file={file} />
              </Suspense>
            )}
          </div>
        </Card>
      </div>
    </>
  );
}

function Found({ sought }: { readonly sought: string }) {
  const departments = useDepartments();
  if (HEX.test(sought)) return <Transaction id={sought.toLowerCase()} />;
  const named = [...departments].find(([id, name]) => id === sought || name === sought)?.[0];
  const [, provider, code] = DATASET.exec(sought) ?? [];
  const [, department, officer] = OFFICER.exec(sought) ?? [];
  if (provider !== undefined && code !== undefined) return <Timeline path={`/trace/datasets/${provider}/${code}`} />;
  if (named !== undefined) return <Timeline path={`/trace/departments/${named}`} />;
  if (department !== undefined && officer !== undefined)
    return <Timeline path={`/trace/departments/${department}/officers/${officer}`} />;
  return <Nothing />;
}

function Timeline({ path }: { readonly path: string }) {
  const { t } = useWords();
  const list = useList<FoldedAct>(path);
  return (
    <Card title={<h2 className="card-title">{t("trace.timeline")}</h2>}>
      <Asked query={list}>
        {(data) => (itemsOf(data).length === 0 ? <Nothing /> : <Acts acts={itemsOf(data)} withCase="withCase" />)}
      </Asked>
      <More list={list} />
    </Card>
  );
}

interface Appearance {
  readonly block: number;
  readonly acts?: readonly FoldedAct[];
}

function Transaction({ id }: { readonly id: string }) {
  const { t } = useWords();
  const found = useQuery({
    queryKey: ["transaction", id],
    retry: false,
    queryFn: async () => {
      try {
        return (await callRoute<{ appearances: readonly Appearance[] }>("GET", `/transactions/${id}`)).appearances;
      } catch (error) {
        if (error instanceof Refusal && error.code === "NO_SUCH_ENTRY") return [];
        throw error;
      }
    },
  });
  return (
    <Card title={<h2 className="card-title">{t("trace.timeline")}</h2>}>
      <Asked query={found}>
        {(appearances) =>
          appearances.length === 0 ? (
            <Nothing />
          ) : (
            appearances.map(({ block, acts }) => (
              <section key={block}>
                <p>{t("ledger.block", { number: block })}</p>
                <Acts acts={acts ?? []} withCase="withCase" />
              </section>
            ))
          )
        }
      </Asked>
    </Card>
  );
}

function Nothing() {
  const { t } = useWords();
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("trace.none")} />;
}
