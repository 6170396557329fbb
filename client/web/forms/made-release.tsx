import { type MadeRelease, readMadeRelease } from "@wanlian/client/sheets/index.js";
import { Alert, Button, Upload } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Card } from "../parts/card.tsx";

/** What a release registers of its data. */
export type OfData = Pick<MadeRelease, "root" | "fields" | "rows" | "rowRoot">;

/** Digests are nothing to type: they come out of the file that was made beside the data, with the tree over its rows. */
export function FromMadeRelease({ taken }: { readonly taken: (of: OfData) => void }) {
  const { t } = useWords();
  const [outcome, setOutcome] = useState<"taken" | "none">();
  const read = async (file: File) => {
    const made = file.size > MOST_BYTES ? undefined : readMadeRelease(await file.text());
    setOutcome(made === undefined ? "none" : "taken");
    if (made === undefined) return;
    const { root, fields, rows, rowRoot } = made;
    taken({ root, fields, rows, rowRoot });
  };
  return (
    <Card size="small" className="made">
      <div className="stack">
        <p className="quiet">{t("file.made.what")}</p>
        <div>
          <Upload
            accept=".json"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(file) => {
              void read(file);
              return Upload.LIST_IGNORE;
            }}
          >
            <Button>{t("file.made.choose")}</Button>
          </Upload>
        </div>
        {outcome === undefined ? null : (
          <Alert
            type={outcome === "taken" ? "success" : "error"}
            showIcon
            role="alert"
            title={t(`file.made.${outcome}`)}
          />
        )}
      </div>
    </Card>
  );
}

/** Of some hundred digests with their fields' names. */
const MOST_BYTES = 1024 * 1024;
