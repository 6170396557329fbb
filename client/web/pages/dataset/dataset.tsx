import { Descriptions, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import { inReadingOrder } from "../../parts/case/reading-order.ts";
import { Relations } from "../../parts/case/relations.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { Department } from "../../parts/names.tsx";
import { Value } from "../../parts/value.tsx";
import { useBeginnings } from "../../session/actions.ts";
import { useOfficer } from "../../session/session.tsx";
import type { Entry } from "./entry.ts";
import { FieldsCard } from "./fields.tsx";
import { Grants } from "./grants.tsx";
import { OpenObjections } from "./open-objections.tsx";
import { Quality } from "./quality.tsx";
import { Releases } from "./releases.tsx";
import { Users } from "./users.tsx";

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
  const releases = useBeginnings("release");
  const [provider = ""] = id.split("/");
  const isOthers = provider !== department;
  const known = entry as Entry;
  const way = known.share.class === "unconditional" ? "claim" : "apply";
  return (
    <>
      <OpenObjections id={id} />
      {isOthers ? (
        <div className="row no-print">
          {applications.includes(way) ? (
            <LinkButton
              color="primary"
              variant="solid"
              to="/file/$noun/$type"
              params={{ noun: "application", type: way }}
              search={{ dataset: id } as never}
            >
              {t(`catalogue.${way}`)}
            </LinkButton>
          ) : null}
          {objections.includes("raise") ? (
            <LinkButton to="/object" search={{ dataset: id } as never}>
              {t("object.fromFile")}
            </LinkButton>
          ) : null}
        </div>
      ) : releases.includes("register") ? (
        <div className="row no-print">
          <LinkButton
            to="/file/$noun/$type"
            params={{ noun: "release", type: "register" }}
            search={{ dataset: id } as never}
          >
            {t("catalogue.register")}
          </LinkButton>
        </div>
      ) : null}
      <EntryCard id={id} entry={known} />
      <FieldsCard fields={known.fields} />
      <Releases id={id} standard={known.quality} />
      <Quality id={id} />
      <Grants id={id} />
      <Users id={id} />
      <Relations root={{ noun: "dataset", case: id }} />
    </>
  );
}

/** The entry as it stands; its share class first, with what it rests on. */
function EntryCard({ id, entry }: { readonly id: string; readonly entry: Entry }) {
  const { t, words } = useWords();
  const { fields: _fields, quality: _quality, share, ...rest } = entry;
  const [provider = "", code = ""] = id.split("/");
  return (
    <Card title={<h2 className="card-title">{t("catalogue.entry")}</h2>}>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          { key: "provider", label: words.member("provider"), children: <Department id={provider} /> },
          { key: "code", label: words.member("code"), children: <span className="plain">{code}</span> },
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
          ...inReadingOrder(Object.entries(rest))
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
