import { languageOf } from "@wanlian/protocol/language.js";

const SAY_EVERY_MS = 10_000;

/** Says on standard error, every ten seconds, how many of so many blocks a rebuild has taken in. */
export function toldOf(blocks: number): (taken: bigint) => void {
  const language = languageOf([], process.env);
  const whole = (count: number) => count.toLocaleString("en");
  let said = performance.now();
  return (taken) => {
    if (performance.now() - said < SAY_EVERY_MS) return;
    said = performance.now();
    const [made, all] = [whole(Number(taken)), whole(blocks)];
    const words = {
      zh: `正在由账本重建：${made}/${all}个区块`,
      en: `Rebuilding from the ledger: ${made} of ${all} blocks`,
    };
    process.stderr.write(`${words[language]}\n`);
  };
}
