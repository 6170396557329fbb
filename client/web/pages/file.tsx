import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { chinaDay } from "@wanlian/words/index.js";
import { App, Button, Form } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { bodyOf } from "../forms/body.ts";
import { type Draft, findDraft, forgetDraft, keepDraft } from "../forms/draft.ts";
import { FromMadeRelease } from "../forms/made-release.tsx";
import { isDay, SchemaField } from "../forms/schema-field.tsx";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Check } from "../parts/case/check.tsx";
import { KnownCase } from "../parts/case/known-case.tsx";
import { Failure } from "../parts/failure.tsx";
import { Heading } from "../parts/heading.tsx";
import { currentCase, type Decision, salted } from "../session/filing.ts";
import { type CommandRow, type NounTable, type Schema, useModel } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

/** A command: its form, what will stand on the ledger, and what became of it. */
export function File() {
  const { noun = "", type = "", _splat } = useParams({ strict: false });
  const { department } = useOfficer();
  const model = useModel();
  return (
    <Asked query={model}>
      {(nouns) => {
        const table = nouns.get(noun);
        const command = table?.commands.find((row) => row.type === type);
        if (table === undefined || command === undefined || command.route === null) return null;
        // What a department begins of its own is known by its name.
        const id = _splat || (table.identity === "department" ? department : undefined);
        return <Prepared key={`${noun}/${type}/${id}`} table={table} command={command} id={id} />;
      }}
    </Asked>
  );
}

interface Wanted {
  readonly table: NounTable;
  readonly command: CommandRow;
  readonly id: string | undefined;
}

/** The case as it is when the officer begins to decide: if it moves meanwhile, the officer is asked again. */
function Prepared({ table, command, id }: Wanted) {
  const begun = useQuery({
    queryKey: ["begun", table.name, command.type, id],
    queryFn: async () => (id === undefined || command.from.includes(NONE) ? null : await currentCase(table, id)),
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Asked query={begun}>
      {(found) => <Deciding table={table} command={command} id={id} state={found?.case.state} act={found?.case.act} />}
    </Asked>
  );
}

/** The status of a case that has no act yet. */
const NONE = "none";

const freshKey = (): string => crypto.randomUUID();

function Deciding({
  table,
  command,
  id,
  state,
  act,
}: Wanted & { readonly state: unknown; readonly act: number | undefined }) {
  const { t, words } = useWords();
  const { message } = App.useApp();
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false });
  const name = `${table.name}/${command.type}/${id ?? ""}`;
  const [form] = Form.useForm();
  const [draft] = useState<Draft>(
    () => findDraft(name) ?? { values: beginning(command, state, search), key: freshKey() },
  );
  const [key, setKey] = useState(draft.key);
  const [values, setValues] = useState<unknown>(draft.values);
  const [body, setBody] = useState<unknown>(isBare(command) ? {} : undefined);
  const verb = words.command(table.name, command.type);
  // In Chinese a button names what it does something to.
  const title = words.language === "en" ? `${verb}: ${words.noun(table.name)}` : verb;
  const change = (all: unknown) => {
    // Another content is another filing.
    const next = freshKey();
    setValues(all);
    setKey(next);
    keepDraft(name, { values: all, key: next });
  };
  const officer = useOfficer();
  const prepare = useMutation({
    mutationFn: async (all: unknown) => {
      const typed = bodyOf(command.body, all) ?? {};
      return officer.key === "browser" ? salted(command.body, typed) : typed;
    },
    onSuccess: setBody,
  });
  const decision: Decision = { table, command, id, body, key, seen: id === undefined ? undefined : act };
  return (
    <>
      <Heading title={title}>
        {title} {id === undefined ? null : <KnownCase noun={table.name} id={id} />}
      </Heading>
      {body === undefined ? (
        <Card>
          {name === "release/register/" ? (
            <FromMadeRelease
              taken={(of) => {
                form.setFieldsValue(of);
                change(form.getFieldsValue(true));
              }}
            />
          ) : null}
          <Form
            form={form}
            layout="vertical"
            initialValues={Object(values)}
            onValuesChange={(_changed, all: unknown) => change(all)}
            onFinish={(all: unknown) => prepare.mutate(all)}
            scrollToFirstError
          >
            {Object.entries(command.body.properties ?? {}).map(([member, schema]) => (
              <SchemaField
                key={member}
                member={member}
                schema={schema}
                name={[member]}
                isRequired={command.body.required?.includes(member) ?? false}
              />
            ))}
            {prepare.error === null ? null : <Failure error={prepare.error} />}
            <Button type="primary" htmlType="submit" loading={prepare.isPending}>
              {t("do.next")}
            </Button>
          </Form>
        </Card>
      ) : (
        <Check
          decision={decision}
          back={isBare(command) ? undefined : () => setBody(undefined)}
          done={() => {
            forgetDraft(name);
            void message.success(t("app.done"));
          }}
        />
      )}
    </>
  );
}

/** Members that say something else in the command than in the case: an objection's release is not the one that corrects it. */
const OTHERS: Readonly<Record<string, boolean>> = { "correct.release": true };

/** A form begins with what the case says already, where the command asks for members of the same name. */
function beginning(command: CommandRow, state: unknown, search: Readonly<Record<string, unknown>>): unknown {
  const asked = command.type === "renew" ? "renewal" : "wish";
  const source = { ...Object(state), ...Object(Reflect.get(Object(state), asked)), ...search };
  const isOther = (member: string) => OTHERS[`${command.type}.${member}`] === true && !(member in search);
  const members = Object.entries(command.body.properties ?? {}).filter(
    ([member]) => member in source && !isOther(member),
  );
  return Object.fromEntries(members.map(([member, schema]) => [member, asTyped(schema, source[member])]));
}

/** States have instants where forms have days. */
function asTyped(schema: Schema, value: unknown): unknown {
  return isDay(schema) && typeof value === "string" ? chinaDay(value) : value;
}

const isBare = (command: CommandRow): boolean => Object.keys(command.body.properties ?? {}).length === 0;
