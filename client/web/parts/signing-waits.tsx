import { Alert } from "antd";
import { useWords } from "../app/language.ts";
import { useOfficer } from "../session/session.tsx";
import { isOpenedElsewhere } from "../signing/signing-page.ts";

/** Where the key lies in the signing page, it is there that the officer reads and signs. */
export function SigningWaits() {
  const { t } = useWords();
  const { key } = useOfficer();
  if (key === "node" || !isOpenedElsewhere()) return null;
  return <Alert type="info" showIcon role="status" title={t("signer.waits")} />;
}
