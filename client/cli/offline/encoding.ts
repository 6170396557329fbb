import { recogniseEncoding, TEXT_ENCODINGS, type TextEncoding } from "../../sheets/index.js";
import type { Context } from "../context.js";

const isEncoding = (text: string | undefined): text is TextEncoding => TEXT_ENCODINGS.some((known) => known === text);

/** The encoding that was given, else the one that the file is in; which is said where it is another than UTF-8. */
export async function encodingOf(context: Context, path: string, given: string | undefined): Promise<TextEncoding> {
  if (isEncoding(given)) return given;
  const { fileBytes } = await import("../../tables/index.js");
  const encoding = await recogniseEncoding(() => fileBytes(path));
  if (encoding !== "utf-8") {
    const name = encoding.toUpperCase();
    context.surroundings.err.write(`${context.t({ zh: `${path} 的编码为 ${name}`, en: `${path} is in ${name}` })}\n`);
  }
  return encoding;
}
