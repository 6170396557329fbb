import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useWords } from "../app/language.ts";
import { Failure } from "../parts/failure.tsx";
import { OwnKey } from "../parts/own-key.tsx";
import { findKey } from "../signing/key-store.ts";
import { logInWithKey } from "../signing/log-in.ts";
import { useSession } from "./session.tsx";

/** The log-in with the officer's own key in this browser, which is made or taken out of a file here first. */
export default function WithOwnKey() {
  const { t } = useWords();
  const { begun } = useSession();
  const queries = useQueryClient();
  const own = useQuery({ queryKey: ["own-key"], queryFn: async () => (await findKey()) ?? null });
  const key = own.data ?? undefined;
  const logIn = useMutation({
    mutationFn: async () => {
      if (key !== undefined) await logInWithKey(key);
    },
    onSuccess: begun,
  });
  return (
    <div className="stack">
      <OwnKey kept={key} changed={() => queries.invalidateQueries({ queryKey: ["own-key"] })} />
      {logIn.error === null ? null : <Failure error={logIn.error} />}
      {key?.certificate === undefined ? null : (
        <Button type="primary" loading={logIn.isPending} onClick={() => logIn.mutate()}>
          {t("logIn.withKey")}
        </Button>
      )}
    </div>
  );
}
