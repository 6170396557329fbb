import { DATE_FORMATS, type DateFormat } from "../rule.js";
import { malformed } from "../yaml.js";
import {
  cellText,
  codesOf,
  columnOf,
  type DraftRule,
  Gathering,
  isMembers,
  listOf,
  type Members,
  partOf,
  severityOf,
  type Translation,
  textOf,
  WHY,
} from "./foreign-rules.js";

/** A suite of Great Expectations, of version 0.x (`expectation_type`) or 1.x (`type`). */
export function gatherExpectations(suite: Members): Gathering {
  const gathering = new Gathering();
  for (const [at, expectation] of listOf(suite.expectations).entries()) {
    const place = `expectations.${at}`;
    if (!isMembers(expectation)) throw malformed(`${place} is no expectation`);
    const type = textOf(expectation.type) ?? textOf(expectation.expectation_type);
    if (type === undefined) throw malformed(`${place} has no type`);
    const kwargs = isMembers(expectation.kwargs) ? expectation.kwargs : {};
    gathering.add(place, type, translate(type, kwargs, expectation, place));
  }
  return gathering;
}

function translate(type: string, kwargs: Members, expectation: Members, place: string): Translation {
  if (kwargs.row_condition !== undefined && kwargs.row_condition !== null) {
    return { why: { zh: "只对部分行（row_condition）", en: "it is of some rows alone (row_condition)" } };
  }
  const tolerance = toleranceOf(kwargs.mostly);
  const translation = ruleOf(type, kwargs, place);
  if ("why" in translation) return translation;
  const common = {
    ...(tolerance.value === 0 ? {} : { tolerance: tolerance.value }),
    ...severity(expectation.severity),
  };
  const rules = translation.rules.map((rule) => ({ ...rule, ...common }));
  const remark = translation.remark ?? tolerance.remark;
  return { rules, ...(remark === undefined ? {} : { remark }) };
}

const severity = (given: unknown) => {
  const value = severityOf(given);
  return value === "error" ? {} : { severity: value };
};

/** `mostly` is the share that has to hold; a tolerance the share that may fail, in ten-thousandths. */
function toleranceOf(mostly: unknown): { value: number; remark?: { zh: string; en: string } } {
  if (typeof mostly !== "number" || !(mostly >= 0 && mostly <= 1)) return { value: 0 };
  const exact = (1 - mostly) * 10_000;
  const value = Math.abs(exact - Math.round(exact)) < 1e-6 ? Math.round(exact) : Math.floor(exact);
  if (Math.abs(exact - value) < 1e-6) return { value };
  const remark = { zh: "容许比例舍去万分位以下", en: "what it tolerates is cut to ten-thousandths" };
  return { value, remark };
}

function ruleOf(type: string, kwargs: Members, place: string): Translation {
  const column = () => columnOf(kwargs.column, place);
  const one = (rule: DraftRule): Translation => ({ rules: [rule] });
  switch (type) {
    case "expect_column_values_to_not_be_null":
      return {
        ...one({ check: "notNull", column: column() }),
        remark: { zh: "此处空文本也算缺失", en: "an empty text counts as missing here too" },
      };
    case "expect_column_values_to_be_unique":
      return one({ check: "unique", columns: [column()] });
    case "expect_compound_columns_to_be_unique":
      return one({ check: "unique", columns: listOf(kwargs.column_list).map((name) => columnOf(name, place)) });
    case "expect_column_values_to_be_in_set":
      return codesOf(column(), kwargs.value_set);
    case "expect_column_values_to_match_regex":
      return partOf(column(), columnOf(kwargs.regex, place));
    case "expect_column_values_to_match_strftime_format":
      return ofDate(column(), kwargs.strftime_format);
    case "expect_column_value_lengths_to_be_between":
      return lengths(column(), kwargs.min_value, kwargs.max_value, kwargs);
    case "expect_column_value_lengths_to_equal":
      return lengths(column(), kwargs.value, kwargs.value, kwargs);
    case "expect_column_values_to_be_between":
      return between(column(), kwargs);
    case "expect_column_pair_values_to_be_equal":
    case "expect_column_pair_values_a_to_be_greater_than_b": {
      const [left, right] = [kwargs.column_A, kwargs.column_B].map((name) => columnOf(name, place)) as [string, string];
      if (type.endsWith("equal")) return one({ check: "compare", left, is: "=", right, as: "text" });
      const as = kwargs.parse_strings_as_datetimes === true ? "date" : "number";
      const rule: DraftRule = { check: "compare", left, is: kwargs.or_equal === true ? ">=" : ">", right, as };
      const kinds = { number: { zh: "数字", en: "numbers" }, date: { zh: "日期", en: "dates" } }[as];
      return {
        rules: [rule],
        remark: {
          zh: `按${kinds.zh}比较；如不是，请改 as`,
          en: `compared as ${kinds.en}; change "as" if they are not`,
        },
      };
    }
    default:
      return { why: WHY.unknown };
  }
}

const STRICT = {
  zh: "不含边界（strict），此处的范围含边界",
  en: "its bounds are left out (strict); here they belong to it",
};

function lengths(column: string, min: unknown, max: unknown, kwargs: Members): Translation {
  if (kwargs.strict_min === true || kwargs.strict_max === true) return { why: STRICT };
  const bound = (name: "min" | "max", value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && value >= 0 ? { [name]: value } : {};
  const bounds = { ...bound("min", min), ...bound("max", max) };
  if (Object.keys(bounds).length === 0) return { why: WHY.values };
  return { rules: [{ check: "length", column, ...bounds }] };
}

function between(column: string, kwargs: Members): Translation {
  if (kwargs.strict_min === true || kwargs.strict_max === true) return { why: STRICT };
  const { min_value: min, max_value: max } = kwargs;
  const given = [min, max].filter((bound) => bound !== undefined && bound !== null);
  const isDate = (bound: unknown) => typeof bound === "string" && /^\d{4}-\d{2}-\d{2}$/.test(bound);
  const as = given.every((bound) => typeof bound === "number") ? "number" : given.every(isDate) ? "date" : undefined;
  if (given.length === 0 || as === undefined) return { why: WHY.values };
  const bound = (name: "min" | "max", value: unknown) => {
    const text = cellText(value);
    return text === undefined ? {} : { [name]: text };
  };
  return { rules: [{ check: "range", column, as, ...bound("min", min), ...bound("max", max) }] };
}

function ofDate(column: string, format: unknown): Translation {
  const known = Object.entries(DATE_FORMATS).find(([, { duckdb }]) => duckdb === format);
  if (known === undefined) {
    return { why: { zh: "没有这种日期格式", en: "there is no such form of dates here" } };
  }
  return { rules: [{ check: "date", column, format: known[0] as DateFormat }] };
}
