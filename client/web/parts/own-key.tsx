import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Divider, Form, Input, Popconfirm, Typography, Upload } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { fingerprintOf, isCertificateOf, makeKey } from "../signing/key.ts";
import { forgetKey, type KeptKey } from "../signing/key-store.ts";
import { installCertificate, takeFromFile } from "../signing/log-in.ts";
import { Failure } from "./failure.tsx";

/** The officer's own key in this browser: made, certified, ready. */
export function OwnKey({
  kept,
  changed,
  officer,
}: {
  readonly kept: KeptKey | undefined;
  readonly changed: () => void;
  /** Whose it will be, where that is known. */
  readonly officer?: string;
}) {
  if (kept === undefined)
    return (
      <>
        <Make changed={changed} officer={officer} />
        <FromFile changed={changed} />
      </>
    );
  return kept.certificate === undefined ? (
    <Certify kept={kept} changed={changed} />
  ) : (
    <Ready kept={kept} changed={changed} />
  );
}

function Make({ changed, officer }: { readonly changed: () => void; readonly officer: string | undefined }) {
  const { t } = useWords();
  const make = useMutation({
    mutationFn: ({ officer }: { readonly officer: string }) => makeKey(officer),
    onSuccess: changed,
  });
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      initialValues={{ officer }}
      onFinish={(typed: { officer: string }) => make.mutate(typed)}
    >
      <p>{t("key.none")}</p>
      <Form.Item
        name="officer"
        label={t("logIn.officer")}
        rules={[{ required: true, message: t("file.required", { what: t("logIn.officer") }) }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      {make.error === null ? null : <Failure error={make.error} />}
      <Button type="primary" htmlType="submit" loading={make.isPending}>
        {t("key.make")}
      </Button>
    </Form>
  );
}

/** A key that the officer has in a file: opened here, and nowhere else. */
function FromFile({ changed }: { readonly changed: () => void }) {
  const { t } = useWords();
  const [file, setFile] = useState<File>();
  const take = useMutation({
    mutationFn: ({ passphrase }: { readonly passphrase: string }) => takeFromFile(file ?? new File([], ""), passphrase),
    onSuccess: changed,
  });
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      onFinish={(typed: { passphrase: string }) => take.mutate(typed)}
      disabled={take.isPending}
    >
      <Divider plain>{t("key.pkcs12")}</Divider>
      <p className="quiet">{t("key.pkcs12.what")}</p>
      <Form.Item>
        <Upload
          accept=".p12,.pfx,application/x-pkcs12"
          maxCount={1}
          showUploadList={false}
          beforeUpload={(chosen) => {
            setFile(chosen);
            return Upload.LIST_IGNORE;
          }}
        >
          <Button>{file?.name ?? t("key.pkcs12.choose")}</Button>
        </Upload>
      </Form.Item>
      {file === undefined ? null : (
        <>
          <Form.Item name="passphrase" label={t("key.pkcs12.passphrase")}>
            <Input.Password autoComplete="off" maxLength={1024} />
          </Form.Item>
          {take.error === null ? null : <Failure error={take.error} />}
          <Button type="primary" htmlType="submit" loading={take.isPending}>
            {t("key.pkcs12.open")}
          </Button>
        </>
      )}
    </Form>
  );
}

function Certify({ kept, changed }: { readonly kept: KeptKey; readonly changed: () => void }) {
  const { t } = useWords();
  const install = useMutation({
    mutationFn: ({ certificate }: { readonly certificate: string }) => installCertificate(kept, certificate),
    onSuccess: changed,
  });
  return (
    <div className="stack">
      <Alert type="info" showIcon title={t("key.waiting")} />
      <Fingerprint kept={kept} />
      <div>
        <div className="quiet">{t("key.request")}</div>
        <Typography.Paragraph copyable={{ text: kept.request ?? "" }}>
          <pre className="plain">{kept.request}</pre>
        </Typography.Paragraph>
      </div>
      <Form layout="vertical" requiredMark={false} onFinish={(typed: { certificate: string }) => install.mutate(typed)}>
        <Form.Item
          name="certificate"
          label={t("key.certificate")}
          rules={[
            {
              validator: async (_rule, pem: string) => {
                if (!isCertificateOf(kept, pem ?? "")) throw new Error(t("key.mismatch"));
              },
            },
          ]}
        >
          <Input.TextArea rows={5} />
        </Form.Item>
        {install.error === null ? null : <Failure error={install.error} />}
        <Button type="primary" htmlType="submit" loading={install.isPending}>
          {t("key.install")}
        </Button>
      </Form>
      <Forget changed={changed} why={t("key.forget.waiting")} />
    </div>
  );
}

function Ready({ kept, changed }: { readonly kept: KeptKey; readonly changed: () => void }) {
  const { t } = useWords();
  return (
    <div className="stack">
      <Alert type="success" showIcon title={t("key.ready")} />
      <Fingerprint kept={kept} />
      <Forget changed={changed} why={t("key.forget.what")} />
    </div>
  );
}

/** Also of a key that nobody has certified: whoever asked for a wrong one would wait for ever. What is gone is gone: it is asked first. */
function Forget({ changed, why }: { readonly changed: () => void; readonly why: string }) {
  const { t } = useWords();
  const forget = useMutation({ mutationFn: forgetKey, onSuccess: changed });
  return (
    <div>
      <Popconfirm
        title={t("key.forget")}
        description={why}
        okText={t("key.forget.sure")}
        onConfirm={() => forget.mutate()}
      >
        <Button danger loading={forget.isPending}>
          {t("key.forget")}
        </Button>
      </Popconfirm>
      {forget.error === null ? null : <Failure error={forget.error} />}
    </div>
  );
}

function Fingerprint({ kept }: { readonly kept: KeptKey }) {
  const { t } = useWords();
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: "officer", label: t("logIn.officer"), children: kept.officer },
        { key: "fingerprint", label: t("key.fingerprint"), children: <code>{fingerprintOf(kept)}</code> },
      ]}
    />
  );
}
