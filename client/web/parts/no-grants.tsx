import { Empty } from "antd";
import { useWords } from "../app/language.ts";
import { LinkButton } from "./link-button.tsx";

/** Nothing may be asked for yet: what to do about it is one click away. */
export function NoGrants({ why }: { readonly why: string }) {
  const { t } = useWords();
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={why}>
      <LinkButton color="primary" variant="solid" to="/catalogue">
        {t("nav.catalogue")}
      </LinkButton>{" "}
      <LinkButton to="/cases/$noun" params={{ noun: "application" }}>
        {t("nav.applications")}
      </LinkButton>
    </Empty>
  );
}
