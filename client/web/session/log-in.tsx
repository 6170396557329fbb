import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Segmented, Skeleton } from "antd";
import { lazy, Suspense, useState } from "react";
import { changeLanguage, otherLanguage, useWords } from "../app/language.ts";
import { Card } from "../parts/card.tsx";
import { Failure } from "../parts/failure.tsx";
import { Heading } from "../parts/heading.tsx";
import { findKey } from "../signing/key-store.ts";
import { isOpenedElsewhere } from "../signing/signing-page.ts";
import { answered, api } from "./api.ts";
import { useStatus } from "./ledger.ts";
import { useSession } from "./session.tsx";

/** What reads certificates and files of keys is loaded when somebody logs in with a key of the own. */
const WithOwnKey = lazy(() => import("./own-key-log-in.tsx"));

interface Typed {
  readonly officer: string;
  readonly passphrase: string;
}

type Way = "node" | "browser";

const WHERE = { node: "logIn.where.node", browser: "logIn.where.browser", elsewhere: "logIn.where.elsewhere" } as const;

/** The log-in: with a key that the node keeps, opened by its passphrase, or with the officer's own in this browser. */
export function LogIn({ officer }: { readonly officer?: string }) {
  const { t, language } = useWords();
  const other = otherLanguage(language);
  const department = useStatus().data?.department ?? "";
  const own = useQuery({ queryKey: ["own-key"], queryFn: async () => (await findKey()) ?? null });
  const [chosen, setChosen] = useState<Way>();
  const hasKey = isOpenedElsewhere() || own.data?.certificate !== undefined;
  const way = chosen ?? (hasKey ? "browser" : "node");
  return (
    <Card title={<Heading className="card-title" title={t("logIn.title", { department })} />}>
      <div className="stack">
        <Segmented<Way>
          block
          value={way}
          onChange={setChosen}
          options={[
            { value: "node", label: t("logIn.passphrase") },
            { value: "browser", label: t("key.title") },
          ]}
        />
        {way === "node" ? (
          <WithPassphrase {...(officer === undefined ? {} : { officer })} />
        ) : (
          <Suspense fallback={<Skeleton />}>
            <WithOwnKey />
          </Suspense>
        )}
        <p className="quiet">{t(WHERE[way === "browser" && isOpenedElsewhere() ? "elsewhere" : way])}</p>
        <Button type="text" onClick={() => changeLanguage(other.language)}>
          {other.name}
        </Button>
      </div>
    </Card>
  );
}

function WithPassphrase({ officer }: { readonly officer?: string }) {
  const { t } = useWords();
  const { begun } = useSession();
  const logIn = useMutation({
    mutationFn: (body: Typed) => answered(api.POST("/sessions", { body })),
    onSuccess: begun,
  });
  return (
    <Form<Typed>
      layout="vertical"
      requiredMark={false}
      initialValues={{ officer }}
      onFinish={(typed) => logIn.mutate(typed)}
      disabled={logIn.isPending}
    >
      <Form.Item
        name="officer"
        label={t("logIn.officer")}
        rules={[{ required: true, message: t("file.required", { what: t("logIn.officer") }) }]}
      >
        <Input autoComplete="username" autoFocus maxLength={64} />
      </Form.Item>
      <Form.Item
        name="passphrase"
        label={t("logIn.passphrase")}
        rules={[{ required: true, message: t("file.required", { what: t("logIn.passphrase") }) }]}
      >
        <Input.Password autoComplete="current-password" maxLength={1024} />
      </Form.Item>
      {logIn.error === null ? null : <Failure error={logIn.error} />}
      <Button className="actions" type="primary" htmlType="submit" loading={logIn.isPending}>
        {t("logIn.submit")}
      </Button>
    </Form>
  );
}
