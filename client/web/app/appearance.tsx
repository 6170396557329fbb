import { App, ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useEffect } from "react";
import { STYLE_NONCE } from "../platform/styles.ts";
import { useColours } from "./colours.ts";
import { useWords } from "./language.ts";

/** Who asked the system for less motion gets none here. */
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

const SYSTEM_FONTS =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

/** Contrast of at least 4.5 to 1 against the backgrounds they stand on (WCAG 2.2, 1.4.3). */
const LIGHT = {
  colorPrimary: "#0b5ed7",
  colorLink: "#0b5ed7",
  colorTextSecondary: "#4a4f57",
  colorTextTertiary: "#5c6067",
  colorError: "#cf1322",
  colorTextDescription: "#4a4f57",
  colorTextPlaceholder: "#666b73",
};
const DARK = {
  colorPrimary: "#2a63c2",
  colorLink: "#7fb2ff",
  colorTextSecondary: "#b9bec7",
  colorTextTertiary: "#a9aeb7",
  colorTextDescription: "#b9bec7",
  colorTextPlaceholder: "#9a9fa8",
};

export function Appearance({ children }: { readonly children: ReactNode }) {
  const { language } = useWords();
  const colours = useColours();
  useEffect(() => {
    document.documentElement.style.colorScheme = colours;
    document.documentElement.dataset.colours = colours;
  }, [colours]);
  return (
    <ConfigProvider
      csp={{ nonce: STYLE_NONCE }}
      button={{ autoInsertSpace: false }}
      locale={language === "zh" ? zhCN : enUS}
      theme={{
        // One version of Ant Design on the page: a hash in each of its styles' selectors would be read, and tell nothing.
        hashed: false,
        algorithm: colours === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: { ...(colours === "dark" ? DARK : LIGHT), fontFamily: SYSTEM_FONTS, motion: !stillness.matches },
      }}
    >
      <App>{children}</App>
    </ConfigProvider>
  );
}
