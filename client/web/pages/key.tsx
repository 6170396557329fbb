import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { dayText } from "@wanlian/words/index.js";
import { Button, Descriptions, Form, Input } from "antd";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Failure } from "../parts/failure.tsx";
import { Heading } from "../parts/heading.tsx";
import { OwnKey } from "../parts/own-key.tsx";
import { answered, api } from "../session/api.ts";
import { useOfficer } from "../session/session.tsx";
import { findKey } from "../signing/key-store.ts";
import { isOpenedElsewhere } from "../signing/signing-page.ts";

const WHERE = { node: "logIn.where.node", browser: "logIn.where.browser", elsewhere: "logIn.where.elsewhere" } as const;

/** Which key is in force, and where it is; administrators take in certificates here. */
export function Key() {
  const { t, words, language } = useWords();
  const queries = useQueryClient();
  const officer = useOfficer();
  const own = useQuery({ queryKey: ["own-key"], queryFn: async () => (await findKey()) ?? null });
  return (
    <>
      <Heading title={t("key.title")} />
      <div className="stack">
        <Card>
          <Descriptions
            column={1}
            items={[
              { key: "officer", label: t("logIn.officer"), children: officer.officer },
              {
                key: "roles",
                label: t("key.roles"),
                children: officer.roles.map((role) => words.role(role)).join(" "),
              },
              {
                key: "where",
                label: t("key.title"),
                children: t(WHERE[officer.key === "browser" && isOpenedElsewhere() ? "elsewhere" : officer.key]),
              },
              { key: "ends", label: t("key.ends"), children: dayText(officer.certificateExpires, language) },
            ]}
          />
        </Card>
        <Card>
          <Asked query={own}>
            {(kept) => (
              <OwnKey
                kept={kept ?? undefined}
                changed={() => queries.invalidateQueries({ queryKey: ["own-key"] })}
                officer={officer.officer}
              />
            )}
          </Asked>
        </Card>
        <Card title={<h2 className="card-title">{t("signer.title")}</h2>}>
          <p>{t("signer.where")}</p>
          <div className="row">
            <a href="/signing.html" target="_blank" rel="noreferrer">
              {t("do.open")}
            </a>
            <a href="/signing.html" download="wanlian-signing.html">
              {t("signer.get")}
            </a>
          </div>
        </Card>
        {officer.roles.includes("administrator") ? <Enrol /> : null}
      </div>
    </>
  );
}

function Enrol() {
  const { t } = useWords();
  const enrol = useMutation({
    mutationFn: (body: { readonly certificate: string }) => answered(api.POST("/officers", { body })),
  });
  return (
    <Card title={<h2 className="card-title">{t("key.enrol")}</h2>}>
      <Form layout="vertical" onFinish={(typed: { certificate: string }) => enrol.mutate(typed)}>
        <Form.Item
          name="certificate"
          label={t("key.certificate")}
          rules={[{ required: true }]}
          extra={t("key.enrol.what")}
        >
          <Input.TextArea rows={5} />
        </Form.Item>
        {enrol.error === null ? null : <Failure error={enrol.error} />}
        {enrol.data === undefined ? null : <p role="status">{t("key.enrolled", { officer: enrol.data.officer })}</p>}
        <Button type="primary" htmlType="submit" loading={enrol.isPending}>
          {t("key.install")}
        </Button>
      </Form>
    </Card>
  );
}
