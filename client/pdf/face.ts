import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const fontFile = (style: string) => require.resolve(`@expo-google-fonts/noto-sans-sc/${style}`);

/** Noto Sans SC (SIL Open Font License 1.1): its licence lets the letters that a document uses be put into it. */
export const FONTS = {
  regular: fontFile("400Regular/NotoSansSC_400Regular.ttf"),
  bold: fontFile("700Bold/NotoSansSC_700Bold.ttf"),
} as const;

/** In points. A4, as offices print. */
export const PAGE = { size: "A4", margin: 56, foot: 32 } as const;

/** In points. */
export const SIZE = { 1: 18, 2: 14, 3: 11.5, text: 10, note: 8.5, cell: 8.5, foot: 8 } as const;

/** Beneath a line of letters, as a share of its size: Chinese is set wider than the font's own measure says is needed. */
export const LEADING = 0.15;

export const COLOUR = { text: "#1f2329", pale: "#5f6672", line: "#c9cdd4", head: "#eef1f5" } as const;
