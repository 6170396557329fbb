import { Button, Form, Input, InputNumber, Radio, Select, Switch } from "antd";
import { useWords } from "../app/language.ts";
import type { Schema } from "../session/ledger.ts";
import { useChoices } from "./choices.ts";

type Name = (string | number)[];

interface FieldProps {
  readonly member: string;
  readonly schema: Schema;
  readonly name: Name;
  readonly isRequired: boolean;
  /** What `class` and the like stand for. */
  readonly above?: string;
}

/** Whether a schema is that of a day: a date is typed with the browser's own calendar. */
export const isDay = ({ pattern, maxLength }: Schema): boolean =>
  pattern !== undefined && maxLength === SOME_DAY.length && new RegExp(pattern, "u").test(SOME_DAY);
const SOME_DAY = "2026-10-13";

/** Beyond this many characters one line is too short. */
const ONE_LINE = 130;
/** A choice of so few is seen at once, where one has to be made: what was chosen there cannot be left out again. */
const FEW = 4;

/** One member of a command's body, by its schema: the same schema that API and contracts check. */
export function SchemaField(props: FieldProps) {
  const { schema, member } = props;
  const text = textOf(schema);
  if (text !== undefined) return <TextField {...props} schema={text} />;
  if (schema.enum !== undefined || schema.anyOf?.some((part) => part.const !== undefined) === true)
    return <ChoiceField {...props} />;
  switch (schema.type) {
    case "object":
      return <Group {...props} />;
    case "array":
      return schema.items?.type === "object" ? <Rows {...props} /> : <Several {...props} />;
    case "boolean":
      return <BooleanField {...props} />;
    case "integer":
    case "number":
      return <NumberField {...props} />;
    default:
      return <LineField {...props} member={member} />;
  }
}

/** The part of a schema that stands for a text, which stays at the node: `{ text }` or its digest. */
function textOf(schema: Schema): Schema | undefined {
  const given = schema.anyOf?.find(({ properties }) => properties?.text !== undefined);
  return given?.properties?.text;
}

function useRules({ member, isRequired, schema, above }: FieldProps) {
  const { t, words } = useWords();
  const what = labelOf(words, member, above);
  return [
    ...(isRequired ? [{ required: true, message: t("file.required", { what }) }] : []),
    ...(schema.pattern === undefined
      ? []
      : [{ pattern: new RegExp(schema.pattern, "u"), message: t("file.malformed", { what }) }]),
    ...(schema.maxLength === undefined ? [] : [{ max: schema.maxLength, message: t("file.malformed", { what }) }]),
  ];
}

type WordsHere = ReturnType<typeof useWords>["words"];

const labelOf = (words: WordsHere, member: string, above: string | undefined): string =>
  member === "class" && above !== undefined ? words.member(above) : words.member(member);

function useLabel({ member, above }: FieldProps): string {
  return labelOf(useWords().words, member, above);
}

function TextField(props: FieldProps) {
  const { t } = useWords();
  const label = useLabel(props);
  const rules = useRules(props);
  return (
    <Form.Item name={[...props.name, "text"]} label={label} rules={rules} extra={t("file.textStays")}>
      <Input.TextArea rows={5} showCount maxLength={props.schema.maxLength ?? 4000} />
    </Form.Item>
  );
}

function ChoiceField(props: FieldProps) {
  const { words } = useWords();
  const label = useLabel(props);
  const rules = useRules({ ...props, schema: {} });
  const values = props.schema.enum ?? props.schema.anyOf?.flatMap((part) => part.const ?? []) ?? [];
  const at = props.member === "class" ? (props.above ?? props.member) : props.member;
  const options = values.map((value) => ({ value, label: choiceWord(words, at, String(value)) }));
  return (
    <Form.Item name={props.name} label={label} rules={rules}>
      {props.isRequired && options.length <= FEW ? (
        <Radio.Group options={options} />
      ) : (
        <Select options={options} allowClear={!props.isRequired} />
      )}
    </Form.Item>
  );
}

/** `kind` names a deadline in the policy's list of them. */
function choiceWord(words: WordsHere, member: string, value: string): string {
  const word = words.value(member, value);
  return word === value ? words.deadline(value) : word;
}

function BooleanField(props: FieldProps) {
  const label = useLabel(props);
  return (
    <Form.Item name={props.name} label={label} valuePropName="checked">
      <Switch />
    </Form.Item>
  );
}

/** Ratios, which the ledger has in ten-thousandths. */
const PERCENT: ReadonlySet<string> = new Set(["atLeast", "ratio"]);

const inPercent = {
  normalize: (typed: number | null) => (typed === null ? undefined : Math.round(typed * 100)),
  getValueProps: (ratio: number | undefined) => ({ value: ratio === undefined ? undefined : ratio / 100 }),
};

function NumberField(props: FieldProps) {
  const label = useLabel(props);
  const rules = useRules(props);
  const { minimum, maximum, type } = props.schema;
  if (PERCENT.has(props.member)) {
    return (
      <Form.Item name={props.name} label={label} rules={rules} {...inPercent}>
        <InputNumber min={0} max={100} precision={2} suffix="%" />
      </Form.Item>
    );
  }
  return (
    <Form.Item name={props.name} label={label} rules={rules}>
      <InputNumber
        className="search"
        {...(minimum === undefined ? {} : { min: minimum })}
        {...(maximum === undefined ? {} : { max: maximum })}
        {...(type === "integer" ? { precision: 0 } : { step: 0.01 })}
      />
    </Form.Item>
  );
}

function LineField(props: FieldProps) {
  const label = useLabel(props);
  const rules = useRules(props);
  const choices = useChoices(props.member, props.name);
  const { maxLength } = props.schema;
  return (
    <Form.Item name={props.name} label={label} rules={rules}>
      {choices !== undefined ? (
        <Select options={[...choices]} showSearch={{ optionFilterProp: "label" }} allowClear={!props.isRequired} />
      ) : isDay(props.schema) ? (
        <Input type="date" className="pick" />
      ) : maxLength !== undefined && maxLength > ONE_LINE ? (
        <Input.TextArea rows={3} maxLength={maxLength} />
      ) : (
        <Input {...(maxLength === undefined ? {} : { maxLength })} />
      )}
    </Form.Item>
  );
}

/** A list of texts or numbers: chosen where what may be chosen is known, typed otherwise. */
function Several(props: FieldProps) {
  const { words } = useWords();
  const label = useLabel(props);
  // An empty list is an answer where the schema takes one.
  const isRequired = props.isRequired && (props.schema.minItems ?? 0) > 0;
  const rules = useRules({ ...props, schema: {}, isRequired });
  const known = useChoices(props.member, props.name);
  const fromSchema = props.schema.items?.enum?.map((value) => ({
    value: String(value),
    label: words.value(props.member, String(value)),
  }));
  const choices = known ?? fromSchema;
  const isNumbers = props.schema.items?.type === "integer";
  return (
    <Form.Item
      name={props.name}
      label={label}
      rules={rules}
      {...(isNumbers ? numbersFrom(FIRST[props.member] ?? 0) : {})}
    >
      <Select
        mode={choices === undefined ? "tags" : "multiple"}
        tokenSeparators={[",", "，", "、", " "]}
        {...(choices === undefined ? {} : { options: [...choices] })}
        {...(props.schema.maxItems === undefined ? {} : { maxCount: props.schema.maxItems })}
      />
    </Form.Item>
  );
}

/** What people count from 1 and the ledger from 0. */
const FIRST: Readonly<Record<string, number>> = { rows: 1 };

/** Numbers as they are typed and shown, and as they are filed. */
const numbersFrom = (first: number) => ({
  normalize: (typed: readonly (string | number)[]) =>
    typed.map((number) => Number(number) - first).filter((number) => Number.isInteger(number) && number >= 0),
  getValueProps: (numbers: readonly number[] | undefined) => ({
    value: numbers?.map((number) => String(number + first)),
  }),
});

function Group(props: FieldProps) {
  const label = useLabel(props);
  const { properties = {}, required = [] } = props.schema;
  return (
    <fieldset className="fields">
      <legend>{label}</legend>
      {Object.entries(properties).map(([member, schema]) => (
        <SchemaField
          key={member}
          member={member}
          schema={schema}
          name={[...props.name, member]}
          isRequired={props.isRequired && required.includes(member)}
          above={props.member}
        />
      ))}
    </fieldset>
  );
}

function Rows(props: FieldProps) {
  const { t } = useWords();
  const label = useLabel(props);
  const { properties = {}, required = [] } = props.schema.items ?? {};
  return (
    <fieldset className="fields">
      <legend>{label}</legend>
      <Form.List name={props.name}>
        {(rows, { add, remove }) => (
          <>
            {rows.map((row) => (
              <fieldset key={row.key} className="fields beside">
                <legend>{`${label} ${row.name + 1}`}</legend>
                {Object.entries(properties).map(([member, schema]) => (
                  <SchemaField
                    key={member}
                    member={member}
                    schema={schema}
                    name={[row.name, member]}
                    isRequired={required.includes(member)}
                    above={props.member}
                  />
                ))}
                <Form.Item className="last">
                  <Button onClick={() => remove(row.name)}>{t("do.remove")}</Button>
                </Form.Item>
              </fieldset>
            ))}
            <Form.Item>
              <Button onClick={() => add()}>{t("do.add")}</Button>
            </Form.Item>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
