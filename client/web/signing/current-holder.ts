import { holderOf, type KeyHolder } from "./holder.ts";
import { findKey } from "./key-store.ts";
import { isOpenedElsewhere, signingPage } from "./signing-page.ts";

/** The key of whoever sits here, if it is certified: in the signing page that opened this one, else in this browser. */
export async function currentHolder(): Promise<KeyHolder | undefined> {
  if (isOpenedElsewhere()) return signingPage();
  const own = await findKey();
  return own === undefined ? undefined : holderOf(own);
}
