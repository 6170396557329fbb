/** The day that it is in China, whatever the machine's time zone. */
export const chinaToday = (): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
