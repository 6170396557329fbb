import { useQueries, useQuery } from "@tanstack/react-query";
import type { ObjectionState } from "@wanlian/model/model-1/objection/objection-schema.js";
import { isOpenObjection } from "@wanlian/model/model-1/objection/objection-schema.js";
import { countText, dayText, ratioText } from "@wanlian/words/index.js";
import { Alert, Card, Descriptions, Empty, Input, Table, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { CaseLink, Department, State } from "../parts/names.tsx";
import { Relations } from "../parts/relations.tsx";
import { Value } from "../parts/value.tsx";
import { useBeginnings } from "../session/actions.ts";
import { type CaseSummary, callRoute, Refusal } from "../session/api.ts";
import type { Page } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

interface Granted extends CaseSummary {
  readonly inForce: boolean;
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly sensitivity: number;
}

interface Standard {
  readonly dimension: string;
  readonly atLeast: number;
  readonly rule: string;
}

/** What of a catalogue entry has a place of its own on the page. */
interface Entry {
  readonly fields: readonly Field[];
  readonly quality: readonly Standard[];
  readonly share: { readonly class: string; readonly basis?: string; readonly conditions?: string };
}

const SHARE_COLOURS: Readonly<Record<string, string>> = {
  unconditional: "green",
  conditional: "blue",
  withheld: "red",
};

/** What a dataset has beside other cases: its entry, fields, releases, open objections, and who may use it and did. */
export function DatasetParts({ id, entry }: { readonly id: string; readonly entry: unknown }) {
  const { t } = useWords();
  const { department } = useOfficer();
  const applications = useBeginnings("application");
  const objections = useBeginnings("objection");
  const [provider = ""] = id.split("/");
  const isOthers = provider !== department;
  const known = entry as Entry;
  return (
    <>
      <OpenObjections id={id} />
      {isOthers ? (
        <div className="row no-print">
          {applications.includes("apply") && known.share.class !== "unconditional" ? (
            <LinkButton
              color="primary"
              variant="solid"
              to="/file/$noun/$type"
              params={{ noun: "application", type: "apply" }}
              search={{ dataset: id } as never}
            >
              {t("catalogue.apply")}
            </LinkButton>
          ) : null}
          {applications.includes("claim") && known.share.class === "unconditional" ? (
            <LinkButton
              color="primary"
              variant="solid"
              to="/file/$noun/$type"
              params={{ noun: "application", type: "claim" }}
              search={{ dataset: id } as never}
            >
              {t("catalogue.claim")}
            </LinkButton>
          ) : null}
          {objections.includes("raise") ? (
            <LinkButton to="/object" search={{ dataset: id } as never}>
              {t("object.fromFile")}
            </LinkButton>
          ) : null}
        </div>
      ) : null}
      <EntryCard entry={known} />
      <FieldsCard fields={known.fields} />
      <Releases id={id} standard={known.quality} />
      <Grants id={id} />
      <Users id={id} />
      <Relations root={{ noun: "dataset", case: id }} />
    </>
  );
}

function OpenObjections({ id }: { readonly id: string }) {
  const { t } = useWords();
  const objections = useList<CaseSummary>("/objections", { about: `dataset/${id}` });
  const all = objections.data === undefined ? [] : itemsOf(objections.data);
  const open = all.filter(({ state }) => isOpenObjection(state as ObjectionState));
  if (open.length === 0) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t("catalogue.objections", { count: open.length })}
      description={
        <div className="row">
          {open.map(({ case: objection, status }) => (
            <span key={objection}>
              <CaseLink noun="objection" id={objection} /> <State noun="objection" status={status} />
            </span>
          ))}
        </div>
      }
    />
  );
}

/** The entry as it stands; its share class first, with what it rests on. */
function EntryCard({ entry }: { readonly entry: Entry }) {
  const { t, words } = useWords();
  const { fields: _fields, quality: _quality, share, ...rest } = entry;
  return (
    <Card title={<h2 className="card-title">{t("catalogue.entry")}</h2>}>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          {
            key: "share",
            label: words.member("share"),
            children: (
              <span className="row">
                <Tag color={SHARE_COLOURS[share.class] ?? "default"}>{words.value("share", share.class)}</Tag>
                {share.basis === undefined ? null : (
                  <span>
                    {words.member("basis")} <Value member="basis" value={share.basis} />
                  </span>
                )}
                {share.conditions === undefined ? null : (
                  <span>
                    {words.member("conditions")} <Value member="conditions" value={share.conditions} />
                  </span>
                )}
              </span>
            ),
          },
          ...Object.entries(rest)
            .filter(([member]) => member !== "code")
            .map(([member, value]) => ({
              key: member,
              label: words.member(member),
              children: <Value member={member} value={value} />,
            })),
        ]}
      />
    </Card>
  );
}

/** From this grade on a field is marked. */
const SENSITIVE = 3;

function FieldsCard({ fields }: { readonly fields: readonly Field[] }) {
  const { t, words } = useWords();
  const [text, setText] = useState("");
  const shown = fields.filter(({ name, meaning }) => `${name} ${meaning}`.includes(text));
  return (
    <Card title={<h2 className="card-title">{t("catalogue.fieldCount", { count: fields.length })}</h2>}>
      <div className="stack">
        {fields.length > MANY_FIELDS ? (
          <Input.Search
            className="search no-print"
            allowClear
            aria-label={t("catalogue.findField")}
            placeholder={t("catalogue.findField")}
            onSearch={setText}
          />
        ) : null}
        <Table<Field>
          rowKey="name"
          dataSource={shown}
          size="small"
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          columns={[
            {
              title: t("catalogue.field"),
              key: "name",
              render: (_text, { name }) => <strong className="plain">{name}</strong>,
            },
            {
              title: words.member("type"),
              key: "type",
              render: (_text, { type }) => <span className="plain">{type}</span>,
            },
            {
              title: words.member("meaning"),
              key: "meaning",
              render: (_text, { meaning }) => <span className="plain">{meaning}</span>,
            },
            {
              title: words.member("sensitivity"),
              key: "sensitivity",
              render: (_text, { sensitivity }) => (
                <Tag color={sensitivity >= SENSITIVE ? "orange" : "default"}>
                  {t("catalogue.grade", { grade: sensitivity })}
                </Tag>
              ),
            },
          ]}
        />
      </div>
    </Card>
  );
}

/** More are not seen at once. */
const MANY_FIELDS = 15;

interface ReleaseBody {
  readonly rows: number;
  readonly period?: { readonly from: string; readonly to: string };
  readonly selfCheck?: readonly { readonly dimension: string; readonly ratio: number }[];
}

/** So many are asked for in full; older ones are a click away. */
const SHOWN_RELEASES = 10;

function Releases({ id, standard }: { readonly id: string; readonly standard: readonly Standard[] }) {
  const { t } = useWords();
  const releases = useList<CaseSummary>("/releases", { about: `dataset/${id}` });
  return (
    <Card title={<h2 className="card-title">{t("catalogue.releases")}</h2>}>
      <div className="stack">
        {standard.length === 0 ? null : <StandardTable standard={standard} />}
        <Asked query={releases}>{(data) => <ReleaseTable releases={itemsOf(data)} standard={standard} />}</Asked>
        <More list={releases} />
      </div>
    </Card>
  );
}

function StandardTable({ standard }: { readonly standard: readonly Standard[] }) {
  const { words } = useWords();
  return (
    <Table<Standard>
      rowKey={({ dimension, rule }) => `${dimension} ${rule}`}
      dataSource={[...standard]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      title={() => words.member("quality")}
      columns={[
        {
          title: words.member("dimension"),
          key: "dimension",
          render: (_text, { dimension }) => words.value("dimension", dimension),
        },
        {
          title: words.member("atLeast"),
          key: "atLeast",
          align: "right",
          render: (_text, { atLeast }) => ratioText(atLeast),
        },
        {
          title: words.member("rule"),
          key: "rule",
          render: (_text, { rule }) => <span className="plain">{rule}</span>,
        },
      ]}
    />
  );
}

interface ReleasesProps {
  readonly releases: readonly CaseSummary[];
  readonly standard: readonly Standard[];
}

function ReleaseTable({ releases, standard }: ReleasesProps) {
  const { t, words, language } = useWords();
  const bodies = useQueries({
    queries: releases.slice(0, SHOWN_RELEASES).map(({ case: id }) => ({
      queryKey: ["release-body", id],
      staleTime: Infinity,
      queryFn: async () => {
        const { items } = await callRoute<Page<{ body: ReleaseBody }>>("GET", `/releases/${id}/acts?limit=1`);
        return items[0]?.body;
      },
    })),
  });
  const bodyOf = (at: number) => bodies[at]?.data;
  return (
    <Table<CaseSummary>
      rowKey={(row) => row.case}
      dataSource={[...releases]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.noRelease")} /> }}
      columns={[
        {
          title: words.noun("release"),
          key: "release",
          render: (_t, row) => <CaseLink noun="release" id={row.case} />,
        },
        {
          title: t("catalogue.registered"),
          key: "opened",
          render: (_text, row) => dayText(row.opened.time, language),
        },
        {
          title: words.member("period"),
          key: "period",
          render: (_text, _row, at) => {
            const period = bodyOf(at)?.period;
            return period === undefined ? "—" : `${dayText(period.from, language)} – ${dayText(period.to, language)}`;
          },
        },
        {
          title: t("use.rows"),
          key: "rows",
          align: "right",
          render: (_text, row) => countText(Number(Reflect.get(Object(row.state), "rows"))),
        },
        {
          title: words.member("selfCheck"),
          key: "selfCheck",
          render: (_text, _row, at) => (
            <span className="row">
              {(bodyOf(at)?.selfCheck ?? []).map(({ dimension, ratio }) => (
                <Tag key={dimension} color={reaches(standard, dimension, ratio) ? "green" : "orange"}>
                  {words.value("dimension", dimension)} {ratioText(ratio)}
                </Tag>
              ))}
            </span>
          ),
        },
        { title: t("list.state"), key: "state", render: (_t, row) => <State noun="release" status={row.status} /> },
      ]}
    />
  );
}

const reaches = (standard: readonly Standard[], dimension: string, ratio: number): boolean =>
  standard.every((one) => one.dimension !== dimension || ratio >= one.atLeast);

function Grants({ id }: { readonly id: string }) {
  const { t, words, language } = useWords();
  const list = useList<Granted>(`/datasets/${id.split("/").map(encodeURIComponent).join("/")}/grants`);
  const granted = ({ state }: Granted) => (state as { grant?: { from: string; to: string; fields: string[] } }).grant;
  return (
    <Card title={<h2 className="card-title">{t("catalogue.grants")}</h2>}>
      <Asked query={list}>
        {(data) => (
          <Table<Granted>
            rowKey={(row) => row.case}
            dataSource={itemsOf(data)}
            pagination={false}
            size="small"
            scroll={{ x: "max-content" }}
            locale={{
              emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.grants.none")} />,
            }}
            columns={[
              {
                title: words.member("consumer"),
                key: "consumer",
                render: (_text, row) => (
                  <CaseLink noun="application" id={row.case}>
                    <Department id={String(Reflect.get(Object(row.state), "consumer"))} />
                  </CaseLink>
                ),
              },
              {
                title: words.member("purpose"),
                key: "purpose",
                render: (_text, row) => <Value member="purpose" value={Reflect.get(Object(row.state), "purpose")} />,
              },
              {
                title: words.member("fields"),
                key: "fields",
                render: (_text, row) => <Value member="fields" value={granted(row)?.fields} />,
              },
              {
                title: t("catalogue.period"),
                key: "period",
                render: (_text, row) => {
                  const grant = granted(row);
                  return grant === undefined
                    ? "—"
                    : `${dayText(grant.from, language)} – ${dayText(grant.to, language)}`;
                },
              },
              {
                title: t("list.state"),
                key: "state",
                render: (_text, row) => (
                  <>
                    <State noun="application" status={row.status} />
                    <Tag color={row.inForce ? "green" : "default"}>
                      {t(row.inForce ? "catalogue.inForce" : "catalogue.notInForce")}
                    </Tag>
                  </>
                ),
              },
            ]}
          />
        )}
      </Asked>
      <More list={list} />
    </Card>
  );
}

interface UseCount {
  readonly consumer: string;
  readonly day: string;
  readonly accesses: number;
  readonly rows: number;
}

interface UseSum {
  readonly consumer: string;
  readonly last: string;
  readonly accesses: number;
  readonly rows: number;
}

/** Who used it, by this node's own log: its provider's has all, a consumer's its own. */
function Users({ id }: { readonly id: string }) {
  const { t, words, language } = useWords();
  const counts = useQuery({
    queryKey: ["dataset-use", id],
    retry: false,
    queryFn: async () => {
      try {
        const query = new URLSearchParams({ dataset: id, by: "consumer" });
        return (await callRoute<Page<UseCount>>("GET", `/accesses/counts?${query}`)).items;
      } catch (error) {
        // A node without an exchange has no log to ask.
        if (error instanceof Refusal && (error.code === "NO_SUCH_ROUTE" || error.code === "NOT_READY")) return [];
        throw error;
      }
    },
  });
  return (
    <Card title={<h2 className="card-title">{t("catalogue.users")}</h2>}>
      <Asked query={counts}>
        {(items) => (
          <Table<UseSum>
            rowKey="consumer"
            dataSource={sumsOf(items)}
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("use.none")} /> }}
            columns={[
              {
                title: words.member("consumer"),
                key: "consumer",
                render: (_text, { consumer }) => <Department id={consumer} />,
              },
              {
                title: t("use.accesses"),
                key: "accesses",
                align: "right",
                render: (_text, { accesses }) => countText(accesses),
              },
              { title: t("use.rows"), key: "rows", align: "right", render: (_text, { rows }) => countText(rows) },
              { title: t("catalogue.lastUse"), key: "last", render: (_text, { last }) => dayText(last, language) },
            ]}
          />
        )}
      </Asked>
    </Card>
  );
}

function sumsOf(counts: readonly UseCount[]): UseSum[] {
  const sums = new Map<string, UseSum>();
  for (const { consumer, day, accesses, rows } of counts) {
    const before = sums.get(consumer) ?? { consumer, last: day, accesses: 0, rows: 0 };
    sums.set(consumer, {
      consumer,
      // They come by day.
      last: day,
      accesses: before.accesses + accesses,
      rows: before.rows + rows,
    });
  }
  return [...sums.values()].sort((a, b) => b.accesses - a.accesses);
}
