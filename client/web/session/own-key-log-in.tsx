import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PageWord } from "@wanlian/words/index.js";
import { Button } from "antd";
import { useWords } from "../app/language.ts";
import { Failure } from "../parts/failure.tsx";
import { OwnKey } from "../parts/own-key.tsx";
import { currentHolder } from "../signing/current-holder.ts";
import { findKey } from "../signing/key-store.ts";
import { logInWithKey } from "../signing/log-in.ts";
import { isOpenedElsewhere } from "../signing/signing-page.ts";
import { Refusal } from "./api.ts";
import { useSession } from "./session.tsx";

/** The log-in with the officer's own key: in the signing page that opened this one, else in this browser. */
export default function WithOwnKey() {
  return isOpenedElsewhere() ? <Elsewhere /> : <Here />;
}

/** The key is made here, or taken out of a file, first. */
function Here() {
  const queries = useQueryClient();
  const own = useQuery({ queryKey: ["own-key"], queryFn: async () => (await findKey()) ?? null });
  const key = own.data ?? undefined;
  return (
    <div className="stack">
      <OwnKey kept={key} changed={() => queries.invalidateQueries({ queryKey: ["own-key"] })} />
      {key?.certificate === undefined ? null : <Submit word="logIn.withKey" />}
    </div>
  );
}

function Elsewhere() {
  const { t } = useWords();
  return (
    <div className="stack">
      <p>{t("signer.opened")}</p>
      <Submit word="logIn.withSigner" />
    </div>
  );
}

function Submit({ word }: { readonly word: PageWord }) {
  const { t } = useWords();
  const { begun } = useSession();
  const logIn = useMutation({
    mutationFn: async () => {
      const key = await currentHolder();
      if (key === undefined) throw new Refusal("SIGNATURE_MISSING", "", "there is no certified key");
      await logInWithKey(key);
    },
    onSuccess: begun,
  });
  return (
    <>
      {logIn.error === null ? null : <Failure error={logIn.error} />}
      <Button type="primary" loading={logIn.isPending} onClick={() => logIn.mutate()}>
        {t(word)}
      </Button>
    </>
  );
}
