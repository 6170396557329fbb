import type { Language, Words } from "./language.js";

/** Describes the option `--lang`, which every command line has. */
export const LANGUAGE_OPTION: Words = {
  zh: "语言；默认按 LC_ALL、LC_MESSAGES、LANG",
  en: "language; by default that of LC_ALL, LC_MESSAGES, LANG",
};

/**
 * What the parser of our command lines (commander) says by itself: the frame of its help, and what it did not understand. Only
 * text goes in and out, so that the packages with command lines share the words without this one depending on the parser.
 */
export function commandLineSays(text: string, language: Language): string {
  if (language === "en") return text;
  return PHRASES.reduce((said, [english, chinese]) => said.replace(english, chinese), text);
}

/** In the order in which they are looked for. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  // the help; in lists the columns keep their width: "[options]" takes nine places, "[选项]" six
  [/^Usage: (.*)$/gm, "用法：$1"],
  [/^(用法：.*)\[options\]/gm, "$1[选项]"],
  [/^(用法：.*)\[command\]/gm, "$1[命令]"],
  [/^( {2}\S.*?)\[options\]((?: \S+)*)/gm, "$1[选项]$2   "],
  [/^( {2}help )\[command\]/gm, "$1[命令]   "],
  [/^Options:$/gm, "选项："],
  [/^Global Options:$/gm, "公共选项："],
  [/^Commands:$/gm, "命令："],
  [/^Arguments:$/gm, "参数："],
  [/\bdisplay help for command$/gm, "显示帮助"],
  [/(?<=\S) \((?=(?:choices|default|env):)|\((?=(?:choices|default|env):)/g, "（"],
  [/（choices:\s*/g, "（可选："],
  [/(（|,\s+)default:\s*/g, "$1默认："],
  [/(（|,\s+)env:\s*/g, "$1环境变量："],
  [/(（(?:可选|默认|环境变量)：[^)）]*)\)/g, "$1）"],
  // what was not understood
  [/^error: missing required argument '(.*)'$/gm, "错误：缺少参数 $1"],
  [/^error: option '(.*)' argument missing$/gm, "错误：选项 $1 缺少值"],
  [/^error: required option '(.*)' not specified$/gm, "错误：缺少必需的选项 $1"],
  [/^error: option '(.*)' cannot be used with option '(.*)'$/gm, "错误：选项 $1 不能与 $2 同时使用"],
  [/^error: unknown option '(.*)'$/gm, "错误：没有选项 $1"],
  [/^error: unknown command '(.*)'$/gm, "错误：没有命令 $1"],
  [
    /^error: too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)\.$/gm,
    "错误：参数过多：$1 需要 $2 个，给出 $3 个。",
  ],
  [
    /^error: option '(.*)' (?:value '(.*)' from env '.*'|argument '(.*)') is invalid\. ?/gm,
    "错误：选项 $1 的值 $2$3 无效。",
  ],
  [/^error: command-argument value '(.*)' is invalid for argument '(.*)'\. ?/gm, "错误：参数 $2 的值 $1 无效。"],
  [/Allowed choices are (.*)\.$/gm, "可选：$1。"],
  [/^\(Did you mean (?:one of )?(.*)\?\)$/gm, "（是否要用：$1？）"],
  [/^error: /gm, "错误："],
];
