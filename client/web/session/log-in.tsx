import { useMutation } from "@tanstack/react-query";
import { Button, Card, Form, Input } from "antd";
import { changeLanguage, useWords } from "../app/language.ts";
import { Failure } from "../parts/failure.tsx";
import { answered, api } from "./api.ts";
import { useStatus } from "./ledger.ts";
import { useSession } from "./session.tsx";

interface Typed {
  readonly officer: string;
  readonly passphrase: string;
}

/** The log-in: with a key that the node keeps, opened by its passphrase. */
export function LogIn({ officer }: { readonly officer?: string }) {
  const { t, language } = useWords();
  const { begun } = useSession();
  const department = useStatus().data?.department ?? "";
  const logIn = useMutation({
    mutationFn: (body: Typed) => answered(api.POST("/sessions", { body })),
    onSuccess: begun,
  });
  return (
    <Card title={<h1 className="card-title">{t("logIn.title", { department })}</h1>}>
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
        <div className="row actions">
          <Button type="primary" htmlType="submit" loading={logIn.isPending}>
            {t("logIn.submit")}
          </Button>
          <Button type="text" onClick={() => changeLanguage(language === "zh" ? "en" : "zh")}>
            {t("app.language")}
          </Button>
        </div>
        <p className="quiet">{t("logIn.where.node")}</p>
      </Form>
    </Card>
  );
}
