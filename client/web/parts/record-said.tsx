import { Descriptions } from "antd";
import { useWords } from "../app/language.ts";
import type { OwnGrant } from "../session/grants.ts";
import { useOfficer } from "../session/session.tsx";
import { Value } from "./value.tsx";

interface Asking {
  readonly state: OwnGrant["state"];
  readonly fields: readonly string[] | undefined;
  readonly way: string;
  readonly title?: string | undefined;
}

/** What the record of an access will say, shown before it is asked for. */
export function RecordSaid({ state, fields, way, title }: Asking) {
  const { t, words } = useWords();
  const { officer } = useOfficer();
  return (
    <Descriptions
      size="small"
      column={1}
      bordered
      title={title}
      items={[
        { key: "officer", label: words.member("officer"), children: officer },
        ...(["dataset", "purpose", "scenario"] as const).map((member) => ({
          key: member,
          label: words.member(member),
          children: <Value member={member} value={state[member]} />,
        })),
        { key: "fields", label: words.member("fields"), children: <Value member="fields" value={fields} /> },
        { key: "way", label: t("data.way"), children: words.way(way) },
      ]}
    />
  );
}
