import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Form, Input, Select } from "antd";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import { useModel } from "../../session/ledger.ts";

/** A day, an instant (UTC) or a block's number, as the API takes them. */
const AT = /^(\d{1,12}|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?)$/u;
const MEMBERS = ["at", "from", "to", "noun", "case"] as const;

/** What of the past an address asks for. */
export type AskedPast = Readonly<Partial<Record<(typeof MEMBERS)[number], string>>>;

/** The router reads a block's number as one. */
export function useAskedPast(): AskedPast {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  return given(Object.fromEntries(MEMBERS.map((member) => [member, textOf(search[member])])));
}

const textOf = (value: unknown): string => (value === undefined || value === null ? "" : String(value).trim());

const given = (asked: AskedPast): AskedPast => Object.fromEntries(Object.entries(asked).filter(([, value]) => value));

interface PastFormProps {
  readonly to: "/trace/as-of" | "/trace/changes";
  readonly asked: AskedPast;
  readonly times: readonly ("at" | "from" | "to")[];
  /** What is shown where no noun is named. */
  readonly withoutNoun: string;
}

/** Which time, and what of it; what is asked stands in the address, so that it can be handed on. */
export function PastForm({ to, asked, times, withoutNoun }: PastFormProps) {
  const { t, words } = useWords();
  const navigate = useNavigate();
  const nouns = [...(useModel().data?.keys() ?? [])];
  return (
    <Card className="no-print">
      <Form<AskedPast>
        key={JSON.stringify(asked)}
        layout="vertical"
        initialValues={asked}
        onFinish={(typed) => void navigate({ to, search: given(typed) as never })}
      >
        {times.map((time) => (
          <Form.Item
            key={time}
            name={time}
            label={t(`past.${time}`)}
            extra={t(`past.${time}.how`)}
            rules={[{ pattern: AT, message: t("past.malformed") }]}
          >
            <Input className="pick" autoComplete="off" />
          </Form.Item>
        ))}
        <Form.Item name="noun" label={t("past.noun")}>
          <Select
            className="pick"
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            placeholder={withoutNoun}
            options={nouns.map((noun) => ({ value: noun, label: words.noun(noun) }))}
          />
        </Form.Item>
        <Form.Item
          name="case"
          label={t("past.case")}
          extra={t("past.case.how")}
          dependencies={["noun"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: async (_rule, typed?: string) => {
                if (typed && !getFieldValue("noun")) throw new Error(t("past.case.ofWhat"));
              },
            }),
          ]}
        >
          <Input autoComplete="off" maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t("past.show")}
        </Button>
      </Form>
    </Card>
  );
}
