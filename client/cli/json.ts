/** What a node answered: looked into by path, as its document has it, trusting nothing. */
export class Json {
  constructor(readonly value: unknown) {}

  /** What stands at `items.0.case`. */
  at(path: string): Json {
    const found = path
      .split(".")
      .reduce<unknown>(
        (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
        this.value,
      );
    return new Json(found);
  }

  get items(): readonly Json[] {
    return Array.isArray(this.value) ? this.value.map((item) => new Json(item)) : [];
  }

  /** As a person reads it: empty where there is nothing, several joined. */
  get text(): string {
    if (this.value === undefined || this.value === null) return "";
    if (Array.isArray(this.value)) return this.items.map(({ text }) => text).join(" ");
    return typeof this.value === "object" ? JSON.stringify(this.value) : String(this.value);
  }

  /** As text, or undefined where there is none. */
  get string(): string | undefined {
    return typeof this.value === "string" ? this.value : undefined;
  }

  get number(): number | undefined {
    return typeof this.value === "number" ? this.value : undefined;
  }
}
