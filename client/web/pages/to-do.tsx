import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { beginning, timeText } from "@wanlian/words/index.js";
import { Badge, Button, Empty } from "antd";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Actions } from "../parts/case/actions.tsx";
import { Due } from "../parts/case/due.tsx";
import { OwnFilings } from "../parts/case/own-filings.tsx";
import { Subject } from "../parts/case/subject.tsx";
import { Heading } from "../parts/heading.tsx";
import { Department, State } from "../parts/names.tsx";
import { answered, api, type FoldedAct, type Schemas } from "../session/api.ts";

/** The first page: what waits for the officer and the department, overdue first, with one click to what can be done. */
export function ToDo() {
  const { t } = useWords();
  const tasks = useQuery({ queryKey: ["tasks"], queryFn: () => answered(api.GET("/tasks", LONG)) });
  const possible = useQuery({ queryKey: ["possible"], queryFn: () => answered(api.GET("/tasks/possible", LONG)) });
  const notices = useQuery({ queryKey: ["notices"], queryFn: () => answered(api.GET("/notices", LONG)) });
  return (
    <>
      <Heading title={t("toDo.title")} />
      <div className="stack">
        <Card title={<h2 className="card-title">{t("toDo.due")}</h2>}>
          <Asked query={tasks}>{({ items }) => <Tasks items={items} />}</Asked>
        </Card>
        <Affected />
        <Card title={<h2 className="card-title">{t("toDo.may")}</h2>}>
          <Asked query={possible}>{({ items }) => <Possibilities items={items} />}</Asked>
        </Card>
        <Card title={<h2 className="card-title">{t("toDo.mine")}</h2>}>
          <OwnFilings />
        </Card>
        <Card title={<h2 className="card-title">{t("toDo.notices")}</h2>}>
          <Asked query={notices}>{({ items }) => <Notices items={items} />}</Asked>
        </Card>
      </div>
    </>
  );
}

const LONG = { params: { query: { limit: 100 } } };

function Tasks({ items }: { readonly items: readonly Schemas["Task"][] }) {
  const { t, words } = useWords();
  if (items.length === 0) return <Nothing>{t("toDo.due.none")}</Nothing>;
  return items.map((task) => (
    <div className="item" key={`${task.noun}/${task.case}/${task.deadline.kind}`}>
      <div>
        <div className="row">
          <strong>{beginning(words.deadline(task.deadline.kind))}</strong>
          <Subject noun={task.noun} id={task.case} state={task.found?.state} />
        </div>
        <div className="row">
          <Due deadline={task.deadline} />
          <span className="quiet">
            <Department id={task.deadline.owner} />
          </span>
        </div>
      </div>
      <Actions noun={task.noun} id={task.case} actions={task.actions} />
    </div>
  ));
}

/** What was made from something that was found wrong: shown where there is any. */
function Affected() {
  const { t, words } = useWords();
  const affected = useQuery({ queryKey: ["affected"], queryFn: () => answered(api.GET("/tasks/affected", {})) });
  const items = affected.data?.items ?? [];
  if (items.length === 0 && !affected.isError) return null;
  return (
    <Card title={<h2 className="card-title">{t("toDo.affected")}</h2>}>
      <Asked query={affected}>
        {() =>
          items.map((one) => (
            <div className="item" key={`${one.noun}/${one.case}`}>
              <div>
                <div className="row">
                  <strong>{words.value("mark", "affected")}</strong>
                  <Subject noun={one.noun} id={one.case} state={one.state} />
                </div>
                <div className="row quiet">
                  <Link to="/lineage/$release" params={{ release: one.case }}>
                    {t("lineage.title")}
                  </Link>
                  {one.causes.map((cause) => (
                    <Link key={cause} to="/trace" search={{ what: cause } as never}>
                      {cause.slice(0, 12)}
                    </Link>
                  ))}
                </div>
              </div>
              <Actions noun={one.noun} id={one.case} actions={one.actions} />
            </div>
          ))
        }
      </Asked>
    </Card>
  );
}

function Possibilities({ items }: { readonly items: readonly Schemas["Possibility"][] }) {
  const { t } = useWords();
  if (items.length === 0) return <Nothing>{t("toDo.may.none")}</Nothing>;
  return items.map((found) => (
    <div className="item" key={`${found.noun}/${found.case}`}>
      <div>
        <div className="row">
          <Subject noun={found.noun} id={found.case} state={found.state} />
          <State noun={found.noun} status={found.status} />
        </div>
      </div>
      <Actions noun={found.noun} id={found.case} actions={found.actions} />
    </div>
  ));
}

function Notices({ items }: { readonly items: readonly FoldedAct[] }) {
  const { t, words, language } = useWords();
  const queries = useQueryClient();
  const read = useMutation({
    mutationFn: ({ noun, case: id, number }: FoldedAct) =>
      api.POST("/notices/read", { body: { noun, case: id, number } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notices"] }),
  });
  if (items.length === 0) return <Nothing>{t("toDo.notices.none")}</Nothing>;
  return items.map((act) => (
    <div className="item" key={`${act.noun}/${act.case}/${act.number}`}>
      <div>
        <div className="row">
          <Badge status="processing" />
          <Department id={act.department} />
          <strong>{words.done(act.noun, act.type)}</strong>
          <Subject noun={act.noun} id={act.case} state={act.state} />
        </div>
        <div className="quiet">{timeText(act.time, language)}</div>
      </div>
      <Button onClick={() => read.mutate(act)}>{t("toDo.read")}</Button>
    </div>
  ));
}

function Nothing({ children }: { readonly children: string }) {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={children} />;
}
