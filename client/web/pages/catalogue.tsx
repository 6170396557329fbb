import { ratioText } from "@wanlian/words/index.js";
import { Empty, Input, Select, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { CaseLink, Department } from "../parts/names.tsx";
import { useBeginnings } from "../session/actions.ts";
import type { Schemas } from "../session/api.ts";
import { useDepartments } from "../session/ledger.ts";

type Item = Schemas["CatalogueItem"];

const SHARES = ["unconditional", "conditional", "withheld"] as const;
const SHARE_COLOURS: Readonly<Record<string, string>> = {
  unconditional: "green",
  conditional: "blue",
  withheld: "red",
};

interface DatasetState {
  readonly name: string;
  readonly provider: string;
  readonly share: { readonly class: string };
  readonly fields: readonly unknown[];
}

/** Everything that departments have listed, searched in Chinese and English. */
export function Catalogue() {
  const { t, words } = useWords();
  const departments = useDepartments();
  const beginnings = useBeginnings("dataset");
  const demands = useBeginnings("demand");
  const [text, setText] = useState("");
  const [provider, setProvider] = useState<string>();
  const [share, setShare] = useState<string>();
  const list = useList<Item>("/catalogue", { text, provider, share });
  return (
    <>
      <Heading title={t("catalogue.title")} />
      <div className="stack">
        <div className="row no-print">
          <Input.Search
            className="search"
            allowClear
            aria-label={t("catalogue.search")}
            placeholder={t("catalogue.search")}
            onSearch={setText}
          />
          <Select
            allowClear
            className="pick"
            aria-label={t("catalogue.provider")}
            placeholder={t("catalogue.provider")}
            value={provider}
            onChange={setProvider}
            options={[...departments].map(([value, label]) => ({ value, label }))}
          />
          <Select
            allowClear
            className="pick"
            aria-label={t("catalogue.share")}
            placeholder={t("catalogue.share")}
            value={share}
            onChange={setShare}
            options={SHARES.map((value) => ({ value, label: words.value("share", value) }))}
          />
          {beginnings.includes("register") ? <LinkButton to="/catalogue/import">{t("list.import")}</LinkButton> : null}
          {beginnings.map((type) => (
            <LinkButton
              key={type}
              color="primary"
              variant="solid"
              to="/file/$noun/$type"
              params={{ noun: "dataset", type }}
            >
              {words.command("dataset", type)}
            </LinkButton>
          ))}
        </div>
        <Asked query={list}>
          {(data) => {
            const items = itemsOf(data);
            if (items.length === 0)
              return (
                <Empty description={t("catalogue.none")}>
                  {demands.includes("publish") ? (
                    <LinkButton
                      to="/file/$noun/$type"
                      params={{ noun: "demand", type: "publish" }}
                      search={{ name: text } as never}
                    >
                      {t("match.publish")}
                    </LinkButton>
                  ) : null}
                </Empty>
              );
            return (
              <Card>
                {items.map((item) => (
                  <Entry key={item.case} item={item} />
                ))}
              </Card>
            );
          }}
        </Asked>
        <More list={list} />
      </div>
    </>
  );
}

/** What the check of the newest release that was stated last came to. */
function Check({ check: { assessment, kind, passed, total } }: { readonly check: NonNullable<Item["latestCheck"]> }) {
  const { t, words } = useWords();
  return (
    <span className="row">
      <CaseLink noun="assessment" id={assessment}>
        {words.value("kind", kind)}
      </CaseLink>
      <Tag color={passed ? "green" : "red"}>
        {t(passed ? "catalogue.passed" : "catalogue.notPassed")}
        {total === undefined ? "" : ` ${ratioText(total)}`}
      </Tag>
    </span>
  );
}

function Entry({ item }: { readonly item: Item }) {
  const { t, words } = useWords();
  const { name, provider, share, fields } = item.state as DatasetState;
  const abstract: unknown =
    typeof item.entry === "object" && item.entry !== null ? Reflect.get(item.entry, "abstract") : undefined;
  return (
    <article className="item">
      <div>
        <div className="row">
          <strong>
            <CaseLink noun="dataset" id={item.case}>
              <span className="plain">{name}</span>
            </CaseLink>
          </strong>
          {item.openObjections.length === 0 ? null : (
            <Tag color="red">{t("catalogue.objections", { count: item.openObjections.length })}</Tag>
          )}
        </div>
        {typeof abstract === "string" ? <p className="plain quiet">{abstract}</p> : null}
        <div className="row quiet">
          <Department id={provider} />
          <span>{t("catalogue.fieldCount", { count: fields.length })}</span>
          <span>
            {item.latestRelease === undefined ? (
              t("catalogue.noRelease")
            ) : (
              <CaseLink noun="release" id={item.latestRelease}>
                {t("catalogue.latest")}
              </CaseLink>
            )}
          </span>
          {item.latestCheck === undefined ? null : <Check check={item.latestCheck} />}
        </div>
      </div>
      <Tag color={SHARE_COLOURS[share.class] ?? "default"}>{words.value("share", share.class)}</Tag>
    </article>
  );
}
