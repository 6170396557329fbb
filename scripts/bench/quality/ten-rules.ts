/** The same ten checks twice: as rules, and as somebody who knows DuckDB would write them by hand. */
export const TEN_RULES = {
  version: 1,
  id: "ten-rules",
  revision: 1,
  title: { zh: "十条规则", en: "ten rules" },
  key: ["no"],
  rules: [
    { id: "id-there", check: "notNull", column: "id", dimension: "completeness" },
    { id: "name-form", check: "format", column: "name", pattern: "\\p{Han}{2}[0-9]+", dimension: "compliance" },
    { id: "sex-code", check: "codes", column: "sex", values: ["男", "女"], dimension: "compliance" },
    { id: "age-range", check: "range", column: "age", as: "number", min: "0", max: "150", dimension: "accuracy" },
    { id: "name-length", check: "length", column: "name", min: 2, max: 20, dimension: "compliance" },
    {
      id: "ends-after",
      check: "compare",
      left: "begins",
      is: "<=",
      right: "ends",
      as: "date",
      dimension: "consistency",
    },
    { id: "birth-date", check: "date", column: "birth", dimension: "accuracy" },
    { id: "id-right", check: "identityNumber", column: "id", dimension: "accuracy" },
    { id: "no-unique", check: "unique", columns: ["no"], dimension: "accuracy" },
    { id: "city-follows", check: "dependency", determinant: ["division"], dependent: "city", dimension: "consistency" },
  ],
} as const;

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const digitSum = (column: string) =>
  WEIGHTS.map((weight, at) => `cast(substr(${column}, ${at + 1}, 1) as int) * ${weight}`).join(" + ");

/** One statement for what rows decide alone, with a few keys of what fails; one for each of the two groupings. */
export function handWritten(from: string): string[] {
  const conditions = [
    "id is null or trim(id) = ''",
    "not regexp_full_match(name, '\\p{Han}{2}[0-9]+')",
    "sex not in ('男', '女')",
    "not coalesce(try_cast(age as double) between 0 and 150, false)",
    "length(name) not between 2 and 20",
    "not coalesce(try_cast(begins as date) <= try_cast(ends as date), false)",
    "try_cast(birth as date) is null",
    `not coalesce(case when regexp_full_match(id, '[0-9]{17}[0-9X]')
       then substr(id, 18, 1) = substr('10X98765432', (${digitSum("id")}) % 11 + 1, 1) end, false)`,
  ];
  const figures = conditions.flatMap((fails) => [`count(*) filter (${fails})`, `min(no, 5) filter (${fails})`]);
  return [
    `select count(*), ${figures.join(", ")} from ${from}`,
    `select sum(n - 1), min(no, 5) from (select no, count(*) as n from ${from} group by no having n > 1)`,
    `select count(*) from (select division from ${from} group by division having min(city) <> max(city))`,
  ];
}

/** A table of persons; one in a hundred thousand has an age, one a name, that cannot be. */
export function personsQuery(rows: number): string {
  return `select * exclude (d), d || substr('10X98765432', (${digitSum("d")}) % 11 + 1, 1) as id from (
    select printf('%010d', i) as no,
      case when i % 100_000 = 7 then 'nobody' else '张三' || (i % 9973) end as name,
      case when i % 3 = 0 then '男' else '女' end as sex,
      case when i % 100_000 = 11 then '222' else cast(i % 97 as varchar) end as age,
      '4113' || printf('%02d', i % 20) as division,
      '南阳' || (i % 20) as city,
      strftime(date '1950-01-01' + cast(i % 20000 as int), '%Y-%m-%d') as birth,
      strftime(date '2020-01-01' + cast(i % 1000 as int), '%Y-%m-%d') as begins,
      strftime(date '2020-01-01' + cast(i % 1000 + 30 as int), '%Y-%m-%d') as ends,
      '4113' || printf('%02d', i % 20) || strftime(date '1950-01-01' + cast(i % 20000 as int), '%Y%m%d')
        || printf('%03d', i % 1000) as d
    from range(${rows}) r(i))`;
}

/** Another department's list of the same persons: one row in a thousand is missing, one in ten thousand has another age. */
export function otherPersonsQuery(path: string): string {
  return `select * replace (case when cast(no as int) % 10_000 = 17 then '1' || age else age end as age)
    from read_parquet('${path}') where cast(no as int) % 1000 <> 5`;
}

/** What a comparison of both finds, as somebody would write it: keys once each, then one join. */
export function comparedByHand(one: string, other: string): string[] {
  const columns = ["name", "age", "birth", "id"];
  const differs = columns.map((column) => `count(*) filter (a.${column} <> b.${column})`).join(", ");
  return [
    `select count(*) - count(distinct no) from ${one}`,
    `select count(*) - count(distinct no) from ${other}`,
    `select count(*) filter (b.no is null), count(*) filter (a.no is null), ${differs}
       from ${one} a full join ${other} b on a.no = b.no`,
  ];
}
