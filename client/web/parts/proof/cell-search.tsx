import { useMutation } from "@tanstack/react-query";
import { Button, Descriptions } from "antd";
import { useWords } from "../../app/language.ts";
import { answered, api } from "../../session/api.ts";
import { Card } from "../card.tsx";
import { Failure } from "../failure.tsx";
import { CaseLink } from "../names.tsx";

/** A digest can be that of a single cell: its provider's node reads the data for it, so only when it is told to. */
export function CellSearch({ digest }: { readonly digest: string }) {
  const { t, words } = useWords();
  const search = useMutation({
    mutationFn: () => answered(api.GET("/cells/{digest}", { params: { path: { digest } } })),
  });
  const { data } = search;
  return (
    <Card title={<h2 className="card-title">{t("trace.cell")}</h2>}>
      <div className="stack">
        <p className="quiet">{t("trace.cell.who")}</p>
        <div>
          <Button loading={search.isPending} onClick={() => search.mutate()}>
            {t("trace.cell.look")}
          </Button>
        </div>
        {search.error === null ? null : <Failure error={search.error} />}
        <div role="status">
          {data === undefined ? null : data.found === undefined ? (
            t("trace.cell.none", { searched: data.searched.length })
          ) : (
            <>
              <Descriptions
                column={1}
                size="small"
                items={[
                  {
                    key: "release",
                    label: words.noun("release"),
                    children: <CaseLink noun="release" id={data.found.release} />,
                  },
                  {
                    key: "dataset",
                    label: words.noun("dataset"),
                    children: <CaseLink noun="dataset" id={data.found.dataset} />,
                  },
                  { key: "field", label: words.member("fields"), children: data.found.field },
                ]}
              />
              <p>{t("trace.cell.proven")}</p>
            </>
          )}
          {data === undefined || data.notSearched.length === 0 ? null : (
            <p>{t("trace.cell.left", { left: data.notSearched.length })}</p>
          )}
        </div>
      </div>
    </Card>
  );
}
