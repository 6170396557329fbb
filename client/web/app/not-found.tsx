import { Link } from "@tanstack/react-router";
import { Result } from "antd";
import { Heading } from "../parts/heading.tsx";
import { useWords } from "./language.ts";

export function NotFound() {
  const { t } = useWords();
  return (
    <Result
      status="404"
      title={<Heading title={t("problem.notFound")} />}
      extra={<Link to="/">{t("nav.toDo")}</Link>}
    />
  );
}
