import { generatorName, openApiDocument } from "@wanlian/client/api/document.js";
import { callOperations } from "@wanlian/client/api/operations/access/calls.js";
import { evidenceOperations } from "@wanlian/client/api/operations/access/evidence.js";
import { exchangeOperations } from "@wanlian/client/api/operations/access/exchange.js";
import { allOperations } from "@wanlian/client/api/operations/all.js";
import { preferredLanguage } from "@wanlian/client/api/server/language.js";
import { messages } from "@wanlian/client/api-document/messages.js";
import { isNodesDuty } from "@wanlian/client/api-document/routes.js";
import { commandTitle } from "@wanlian/client/api-document/titles.js";
import type { ErrorCode } from "@wanlian/client/core/error-code.js";
import { Sessions } from "@wanlian/client/keys/officers/sessions.js";
import { OfficerStore } from "@wanlian/client/keys/officers/store.js";
import { LEDGER_ERROR_CODES } from "@wanlian/model/errors.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import { Compile } from "typebox/schema";

/** A schema of the document with what it refers to in its place. */
function whole(value: unknown): object {
  const text = JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member !== "object" || member === null || !("$ref" in member)) return member;
    const name = /^#\/components\/schemas\/(\w+)$/.exec(String(member.$ref))?.[1] ?? "";
    expect(document.components.schemas, name).to.have.property(name);
    return document.components.schemas[name];
  });
  return JSON.parse(text);
}

const absent = (): never => {
  throw new Error("only described here");
};
const operations = [
  ...allOperations(model2, new Sessions(new OfficerStore("nowhere"), () => new Date())),
  ...exchangeOperations(absent),
  ...callOperations(absent),
  ...evidenceOperations({ ofOwn: absent, ofAudited: absent, ofAnswer: absent, vouched: absent, roots: absent }, absent),
];
/** What stands on the ledger is as the noun's schema has it, which `/model` tells; files are as their own format says. */
const DESCRIBED_ELSEWHERE = [
  "AffectedItem.state",
  "AnswerFile.accesses.",
  "AnswerFile.said.^.*$",
  "CaseAt.state",
  "CaseChange.members..after",
  "CaseChange.members..before",
  "CaseSummary.state",
  "CatalogueItem.entry",
  "CatalogueItem.state",
  "ComputedEvaluation.body.^.*$",
  "DcatCatalogue.dcat:dataset..^.*$",
  "DcatCatalogue.dct:publisher.^.*$",
  "EvidenceFile.record.^.*$",
  "FoldedAct.body",
  "FoldedAct.state",
  "GrantItem.state",
  "Head.state",
  "JsonSchema",
  "ListedAlarm.detail",
  "Possibility.state",
  "PreviewedAct.body",
  "PreviewedAct.state",
  "ProvJson.^.*$.^.*$",
  "ShowAsOfAnswer.policy",
  "ShowCaseAsOfAnswer.entry",
  "UsageDraft.bodies..^.*$",
];

const document = JSON.parse(JSON.stringify(openApiDocument(operations, "1.2.3")));

describe("the OpenAPI document", () => {
  it("is of version 3.1, each operation once, with summary, tag, answers and a problem by default", () => {
    expect(document.openapi).to.equal("3.1.0");
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    const addresses = operations.map(({ method, route }) => `${method} ${route.replaceAll(/\{\w+\}/g, "{}")}`);
    expect(addresses.filter((address, at) => addresses.indexOf(address) !== at)).to.deep.equal([]);
    for (const { route, method, id } of operations) {
      const described = document.paths[route][method];
      expect(described.operationId, route)
        .to.equal(generatorName(id))
        .and.match(/^[a-z][A-Za-z]+$/);
      expect(described.tags).to.have.length(1);
      expect(Object.keys(described.responses)).to.include("default").and.have.length.above(1);
    }
  });

  it("declares every path parameter, and every schema in it is one", () => {
    for (const [route, methods] of Object.entries<Record<string, Described>>(document.paths)) {
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const [method, { parameters, requestBody, responses }] of Object.entries(methods)) {
        const declared = parameters.filter((parameter) => parameter.in === "path");
        expect(
          declared.map(({ name }) => name),
          `${method} ${route}`,
        ).to.deep.equal(inPath);
        expect(declared.every(({ required }) => required)).to.equal(true);
        const schemas = [
          ...parameters.map(({ schema }) => schema),
          ...contents(requestBody),
          ...Object.values(responses).flatMap(contents),
        ];
        for (const schema of schemas) {
          Compile(whole(schema));
        }
      }
    }
  });

  it("has a filing for every row of the tables that an officer can use, named in both languages", () => {
    for (const noun of Object.values(model2.nouns)) {
      for (const [type, command] of Object.entries(noun.commands)) {
        if (isNodesDuty(command)) continue;
        const filing = operations.find(({ id }) => id === `${noun.name}.${type}`);
        expect(filing?.effect, `${noun.name}.${type}`).to.equal("filing");
        expect(commandTitle(noun, type, "zh"), `${noun.name}.${type}`).to.match(/^[\p{Script=Han}，（）、]+$/u);
      }
    }
  });
});

describe("numbers in the OpenAPI document", () => {
  const numbers = Object.entries<object>(document.components.schemas)
    .filter(([name]) => !name.endsWith("Body"))
    .flatMap(([name, schema]) => [...numbersIn(schema, name)]);

  it("of an answer are none below 0, where they can be none", () => {
    const others = numbers
      .filter(({ minimum = 0 }) => minimum !== 0)
      .map(({ place, minimum }) => `${place} ${minimum}`);
    expect(others).to.deep.equal(["ContractVersion.sequence 1"]);
  });

  it("of an answer say the least that they can be, but places in an order, and what is counted from both sides", () => {
    const unsaid = numbers.filter(({ minimum }) => minimum === undefined).map(({ place }) => place);
    expect(unsaid.filter((place) => !WITHOUT_A_LEAST.test(place))).to.deep.equal([]);
  });
});

/** Numbers of acts, blocks, versions and states; shares of ten thousand; steps up and down a lineage. */
const WITHOUT_A_LEAST =
  /\.(?:act|next|block|endedBlock|ordinal|version|status|step|looked|weight|total|ratio|blocksPerSecond|secondsLeft)$|(?:\.rate|\.total)\|0$|dimensions\.\*$|^Warning\.figures\.\*\|0$/;

interface NumberAt {
  readonly place: string;
  readonly minimum: number | undefined;
}

function* numbersIn(schema: object, place: string): Generator<NumberAt> {
  const { type, minimum } = schema as { readonly type?: string; readonly minimum?: number };
  if (type === "integer" || type === "number") yield { place, minimum };
  const {
    properties = {},
    patternProperties = {},
    items,
    anyOf = [],
  } = schema as {
    readonly properties?: Readonly<Record<string, object>>;
    readonly patternProperties?: Readonly<Record<string, object>>;
    readonly items?: object;
    readonly anyOf?: readonly object[];
  };
  for (const [name, part] of Object.entries(properties)) yield* numbersIn(part, `${place}.${name}`);
  for (const part of Object.values(patternProperties)) yield* numbersIn(part, `${place}.*`);
  if (items !== undefined) yield* numbersIn(items, `${place}[]`);
  for (const [at, part] of anyOf.entries()) yield* numbersIn(part, `${place}|${at}`);
}

describe("names in the OpenAPI document", () => {
  it("tell schemas that many answers share once, and are ones that generators take", () => {
    const { schemas } = document.components;
    expect(schemas).to.include.keys("Problem", "CaseSummary", "CaseDetail", "FoldedAct", "Submission", "Task");
    for (const name of Object.keys(schemas)) expect(name).to.match(/^[A-Z][A-Za-z]+$/);
    expect(schemas.ListTasksAnswer.properties.items.items).to.deep.equal({ $ref: "#/components/schemas/Task" });
  });

  it("are there for whatever goes in or comes out as an object, so that nobody's type is called after its place", () => {
    for (const [route, methods] of Object.entries<Record<string, Described>>(document.paths)) {
      for (const { requestBody, responses } of Object.values(methods)) {
        const schemas = [...contents(requestBody), ...Object.values(responses).flatMap(contents)];
        const unnamed = schemas.filter((schema) => Reflect.get(schema, "type") === "object");
        expect(unnamed, route).to.deep.equal([]);
      }
    }
    const { schema } = document.paths["/applications/{case}/grant"].post.requestBody.content["application/json"];
    expect(schema).to.deep.equal({ $ref: "#/components/schemas/ApplicationGrantBody" });
  });

  it("say what they stand for, member by member, in both languages or in the member's own words", () => {
    const silent: string[] = [];
    const look = (value: unknown, place: string): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [name, part] of Object.entries(value)) {
        if (name === "properties") {
          for (const [member, schema] of Object.entries<{ description?: string; $ref?: string }>(Object(part))) {
            const { description = "", $ref } = schema;
            // A word for it, not its name once more.
            const isSaid = description !== "" && !description.startsWith(`${member} /`);
            if ($ref === undefined && !isSaid) silent.push(`${place}.${member}`);
          }
        }
        look(part, `${place}.${name}`);
      }
    };
    look(document.components.schemas, "schemas");
    for (const [route, methods] of Object.entries<Record<string, Described>>(document.paths)) {
      for (const { parameters } of Object.values(methods)) {
        for (const { name, description = "" } of parameters) {
          if (description === "" || description.startsWith(`${name} /`)) silent.push(`${route}?${name}`);
        }
      }
    }
    expect(silent.join("\n")).to.equal("");
  });

  it("say what every answer is made of, down to what rules or other standards describe", () => {
    const untyped = new Set<string>();
    const look = (schema: unknown, place: string): void => {
      const { $ref, anyOf, type, properties, patternProperties, additionalProperties, items, ...rest } = Object(schema);
      const name = /(\w+)$/.exec($ref ?? "")?.[1];
      if (name !== undefined) {
        if (!seen.has(name)) {
          seen.add(name);
          look(document.components.schemas[name], name);
        }
        return;
      }
      const members = { ...properties, ...patternProperties };
      const parts = [
        ...Object.entries(members),
        ...Object.entries(anyOf ?? []),
        ...(items ? [["", items] as const] : []),
      ];
      for (const [member, part] of parts) look(part, `${place}.${member}`);
      const isOpen = typeof type !== "string" || type === "object" ? parts.length === 0 : type === "array" && !items;
      if (isOpen && rest.enum === undefined && rest.const === undefined) untyped.add(place);
    };
    const seen = new Set<string>();
    for (const [route, methods] of Object.entries<Record<string, Described>>(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        for (const [status, answer] of Object.entries(responses)) {
          if (/^2/.test(status)) for (const schema of contents(answer)) look(schema, route);
        }
      }
    }
    expect([...untyped].sort()).to.deep.equal(DESCRIBED_ELSEWHERE);
  });

  it("type the events of its streams", () => {
    const eventsAt = (route: string) =>
      document.paths[route].get.responses["200"].content["text/event-stream"].schema.$ref;
    expect(eventsAt("/events")).to.equal("#/components/schemas/LedgerEvent");
    expect(eventsAt("/signing/{desk}")).to.equal("#/components/schemas/SignEvent");
    const kinds = document.components.schemas.LedgerEvent.anyOf.map(({ $ref }: { $ref: string }) => $ref);
    expect(kinds).to.deep.equal(
      ["ActEvent", "AlarmEvent", "WarningEvent", "BlockEvent"].map((name) => `#/components/schemas/${name}`),
    );
  });
});

describe("messages", () => {
  it("cover every code in both languages, with a status that refuses", () => {
    for (const code of LEDGER_ERROR_CODES) expect(messages[code], code).not.to.equal(undefined);
    for (const [code, { zh, en, status }] of Object.entries<(typeof messages)[ErrorCode]>(messages)) {
      expect(zh, code).to.match(/\p{Script=Han}/u);
      expect(en, code).to.match(/^[A-Z][ -~]+$/);
      expect(status, code).to.be.within(400, 599);
    }
  });

  it("come in the language that weighs most, Chinese where none does", () => {
    const wishes: [string | undefined, string][] = [
      [undefined, "zh"],
      ["", "zh"],
      ["en", "en"],
      ["en-US,en;q=0.9", "en"],
      ["zh-CN,en;q=0.9", "zh"],
      ["fr, en;q=0.3, zh;q=0.2", "en"],
      ["en;q=0", "zh"],
      ["en;q=nonsense", "en"],
      [",;,=;q", "zh"],
    ];
    for (const [header, language] of wishes) expect(preferredLanguage(header), String(header)).to.equal(language);
  });
});

interface Described {
  parameters: { name: string; in: string; required: boolean; description?: string; schema: object }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface Content {
  content?: Record<string, { schema: object & { $ref?: string } }>;
}

const contents = (from: Content | undefined) => Object.values(from?.content ?? {}).map(({ schema }) => schema);
