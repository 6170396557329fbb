/** A line of a guide. */
export type Statement =
  | { kind: "file"; name: string; content: string }
  | { kind: "set"; name: string; value: string }
  | { kind: "command"; words: string[]; into: string | undefined };

/** The guide's shell blocks; the label is what follows `sh` on the fence. */
export function shellBlocks(markdown: string): { label: string; text: string }[] {
  return [...markdown.matchAll(/^```sh *(\w*)\n(.*?)^```$/gms)].map(([, label = "", text = ""]) => ({ label, text }));
}

/** As much of the shell as the guide uses. Anything else is an error, so that no line is passed over. */
export function statements(block: string): Statement[] {
  const found: Statement[] = [];
  const lines = block.replaceAll(/\\\n\s*/g, "").split("\n");
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const file = /^cat > (\S+) <<'EOF'$/.exec(line)?.[1];
    const set = /^export (\w+)=(\S+)$/.exec(line);
    const command = /^(?:(\w+)=\$\()?\.\/scripts\/wanlian (.+?)\)?$/.exec(line);
    if (file !== undefined) {
      const end = lines.indexOf("EOF");
      found.push({ kind: "file", name: file, content: `${lines.splice(0, end).join("\n")}\n` });
      lines.shift();
    } else if (set?.[1] !== undefined && set[2] !== undefined) {
      found.push({ kind: "set", name: set[1], value: set[2] });
    } else if (command?.[2] !== undefined) {
      found.push({ kind: "command", words: wordsOf(command[2]), into: command[1] });
    } else if (line !== "") {
      throw new Error(`the guide's reader knows no such line: ${line}`);
    }
  }
  return found;
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
