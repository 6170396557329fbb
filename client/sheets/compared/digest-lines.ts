/**
 * The rows of keyed digests that a comparison's answer is made of, one after the other, without the line that names the
 * columns. Digests need no quotes.
 */
export async function* digestLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let text = "";
  let isFirst = true;
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.split("\n");
    text = whole.pop() ?? "";
    for (const line of whole) {
      if (!isFirst) yield line.split(",");
      isFirst = false;
    }
  }
}
