import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { Failure } from "../parts/failure.tsx";
import { callRoute } from "../session/api.ts";
import { useWords } from "./language.ts";

/** A page that cannot be shown says why, and is loaded anew once the node can be reached: what was typed is kept. */
export function Broken({ error }: { readonly error: unknown }) {
  const { t } = useWords();
  const again = useMutation({
    mutationFn: () => callRoute("GET", "/status"),
    onSuccess: () => location.reload(),
  });
  return (
    <Failure
      error={error}
      action={
        <Button loading={again.isPending} onClick={() => again.mutate()}>
          {t("do.retry")}
        </Button>
      }
    />
  );
}
