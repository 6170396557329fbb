import { useQuery } from "@tanstack/react-query";
import { ratioText } from "@wanlian/words/index.js";
import { Empty, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { CaseLink, Department } from "../../parts/names.tsx";
import { useBeginnings } from "../../session/actions.ts";
import { answered, api, type FoldedAct, type Schemas } from "../../session/api.ts";
import { useOfficer } from "../../session/session.tsx";

type Match = Schemas["Match"];

interface MatchesProps {
  /** The demand. */
  readonly id: string;
  readonly state: unknown;
  /** The act that published it; undefined until it is there. */
  readonly published: FoldedAct | undefined;
  /** What may be done with the demand now. */
  readonly actions: readonly string[];
}

/** 供需对接: datasets of the catalogue that come near to a demand, to apply for or to match it with. */
export function Matches({ id, state, published, actions }: MatchesProps) {
  const { t } = useWords();
  const matches = useQuery({
    queryKey: ["matches", id],
    queryFn: () => answered(api.GET("/demands/{case}/matches", { params: { path: { case: id } } })),
  });
  const own = useOfficer().department;
  const isOurs = Reflect.get(Object(state), "consumer") === own;
  const { purpose, duty } = Object(published?.body);
  return (
    <Card title={<h2 className="card-title">{t("match.title")}</h2>}>
      <div className="stack">
        <p className="quiet">{t("match.what")}</p>
        <Asked query={matches}>
          {({ items }) => (
            <Found
              matches={items}
              offer={(match) =>
                isOurs ? (
                  <Apply match={match} wish={{ purpose, duty }} />
                ) : actions.includes("match") && match.provider === own ? (
                  <LinkButton
                    size="small"
                    to="/file/$noun/$type/$"
                    params={{ noun: "demand", type: "match", _splat: id }}
                    search={{ dataset: match.dataset } as never}
                  >
                    {t("match.use")}
                  </LinkButton>
                ) : null
              }
            />
          )}
        </Asked>
      </div>
    </Card>
  );
}

interface FoundProps {
  readonly matches: readonly Match[];
  readonly offer: (match: Match) => React.ReactNode;
}

/** Items and no table: what may be done with each has to be seen on a phone, too. */
function Found({ matches, offer }: FoundProps) {
  const { t, words } = useWords();
  if (matches.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("match.none")} />;
  return (
    <div>
      {matches.map((match) => (
        <article className="item" key={match.dataset}>
          <div>
            <div className="row">
              <CaseLink noun="dataset" id={match.dataset}>
                <span className="plain">{match.name}</span>
              </CaseLink>
              <Tag>{words.value("share", match.share)}</Tag>
              <span className="quiet">
                <Department id={match.provider} /> · {t("match.nearness")} {ratioText(match.nearness)}
              </span>
            </div>
            <CommonWords found={match.found} />
          </div>
          {offer(match)}
        </article>
      ))}
    </div>
  );
}

function CommonWords({ found }: Pick<Match, "found">) {
  const { t, words } = useWords();
  return (
    <div className="quiet">
      {t("match.words")}{" "}
      {found.map(({ place, words: common }) => (
        <span className="plain" key={place}>
          {words.member(place)} {common.join(" · ")}{" "}
        </span>
      ))}
    </div>
  );
}

interface Wish {
  readonly purpose: unknown;
  readonly duty: unknown;
}

/** What was said in the demand need not be typed again. */
function Apply({ match: { dataset, provider, share }, wish }: { readonly match: Match; readonly wish: Wish }) {
  const { t } = useWords();
  const beginnings = useBeginnings("application");
  const { department } = useOfficer();
  const type = share === "unconditional" ? "claim" : "apply";
  if (share === "withheld" || provider === department || !beginnings.includes(type)) return null;
  return (
    <LinkButton
      size="small"
      to="/file/$noun/$type"
      params={{ noun: "application", type }}
      search={{ dataset, ...wish } as never}
    >
      {t(`catalogue.${type}`)}
    </LinkButton>
  );
}
