import { useQuery } from "@tanstack/react-query";
import { readClaim } from "@wanlian/client/sheets/index.js";
import { textDigest } from "@wanlian/model/text-digest.js";
import { Alert, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { answered, api, type Schemas } from "../../session/api.ts";
import { Asked } from "../asked.tsx";
import { Card } from "../card.tsx";
import { Cells } from "../cells.tsx";
import { Department } from "../names.tsx";

type CaseText = Schemas["ActText"];

/** Computed here, from what is shown: nobody has to believe the node. What is no text in UTF-8 has no digest. */
const matches = ({ text = "", salt = "", digest }: CaseText): boolean =>
  SALT.test(salt) && text.isWellFormed() && textDigest(text, salt) === digest;

const SALT = /^[0-9a-f]{32}$/;

/** The cells that a claim names stand side by side; every other text is words. */
function Written({ text }: { readonly text: string }) {
  const { words, cells } = readClaim(text);
  return (
    <>
      <p className="plain">{words}</p>
      {cells.length === 0 ? null : <Cells cells={cells} />}
    </>
  );
}

/** The texts of a case's acts, as they were handed from node to node, with the mark that they match the ledger. */
export function Texts({ noun, id }: { readonly noun: string; readonly id: string }) {
  const { t, words } = useWords();
  const texts = useQuery({
    queryKey: ["texts", noun, id],
    queryFn: async () => {
      const { items } = await answered(api.GET("/texts", { params: { query: { noun, case: id } } }));
      return items as unknown as readonly CaseText[];
    },
  });
  if (texts.data?.length === 0) return null;
  return (
    <Card title={<h2 className="card-title">{t("case.text")}</h2>}>
      <Asked query={texts}>
        {(items) =>
          items.map((item) => (
            <div className="item" key={`${item.number}/${item.member}`}>
              <div>
                <div className="row">
                  <strong>{words.done(noun, item.type)}</strong>
                  <span className="quiet">{words.member(item.member)}</span>
                  <Department id={item.department} />
                </div>
                {item.text === undefined ? (
                  <Alert type="warning" showIcon title={t("case.textMissing")} />
                ) : (
                  <Written text={item.text} />
                )}
              </div>
              {item.text === undefined ? null : (
                <Tag color={matches(item) ? "green" : "red"}>
                  {t(matches(item) ? "case.textMatches" : "case.textDiffers")}
                </Tag>
              )}
            </div>
          ))
        }
      </Asked>
    </Card>
  );
}
