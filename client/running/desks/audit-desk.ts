import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { parseAuditPageRequest, parseAuditRequest } from "../../access/index.js";
import { AnswerDesk, CertificatesAsked } from "../../audit/index.js";
import { type Handler, readJson, sendJson } from "../../transport/index.js";
import type { DepartmentExchange } from "../department-exchange.js";

/** The node's answers to auditors over its gateway. */
export function auditRoutes(exchange: DepartmentExchange): [string, Handler][] {
  const { options, identities, certificates, log, records, index, vault } = exchange;
  const { department, channel, ledger, logSigner } = options;
  const parts = { department, channel, ledger, identities, certificates, log, records, index, vault, logSigner };
  const desk = new AnswerDesk(parts);
  return [
    [
      "POST /audit/v1/entries",
      async ({ from, request, response }) => {
        const page = await desk.page(from, parseAuditPageRequest(await readJson(request)));
        response.writeHead(200, { "content-type": "application/octet-stream", "content-length": page.length });
        response.end(page);
      },
    ],
    [
      "POST /audit/v1/record",
      async ({ from, request, response }) =>
        sendJson(response, 200, await desk.record(from, parseAuditRequest(await readJson(request)))),
    ],
    [
      "POST /audit/v1/certificates",
      async ({ request, response }) => {
        const asked = await readJson(request);
        checkSchema(CertificatesAsked, asked);
        sendJson(response, 200, await desk.certificates(asked as CertificatesAsked));
      },
    ],
  ];
}
