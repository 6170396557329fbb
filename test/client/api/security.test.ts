import { sameSiteOnly, tokenOf } from "@wanlian/client/api/server/security.js";
import { strictAddress, strictBody } from "@wanlian/client/api/server/strict-request.js";
import { ApiError } from "@wanlian/client/core/index.js";
import { expect } from "chai";
import type { Request, RequestHandler, Response } from "express";

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly originalUrl?: string;
  readonly body?: unknown;
}

const request = ({ headers = {}, ...asked }: Asked): Request =>
  ({ method: "GET", ...asked, get: (name: string) => headers[name] }) as unknown as Request;

/** How a request fares: the code of its refusal, or that it passes. */
function verdict(handler: RequestHandler, asked: Request): string {
  let passed = 0;
  try {
    handler(asked, {} as Response, () => {
      passed += 1;
    });
  } catch (error) {
    if (error instanceof ApiError) return passed === 0 ? error.code : "refused and passed";
    throw error;
  }
  return passed === 1 ? "passes" : "neither";
}

describe("a request that changes something", () => {
  const HOST = { Host: "civil.example:8443" };
  const table: [title: string, headers: Readonly<Record<string, string>>, expected: string][] = [
    ["of a program", {}, "passes"],
    ["of the node's own page", { "Sec-Fetch-Site": "same-origin", Origin: "https://civil.example:8443" }, "passes"],
    ["that the officer typed", { "Sec-Fetch-Site": "none" }, "passes"],
    ["of the own page, by an older browser", { Origin: "https://civil.example:8443" }, "passes"],
    ["of another site", { "Sec-Fetch-Site": "cross-site" }, "CROSS_SITE"],
    ["of a neighbour under the same domain", { "Sec-Fetch-Site": "same-site" }, "CROSS_SITE"],
    ["of another origin, by an older browser", { Origin: "https://evil.example" }, "CROSS_SITE"],
    ["of another port of the same name", { Origin: "https://civil.example:8444" }, "CROSS_SITE"],
    ["of an origin that begins as the own", { Origin: "https://civil.example:8443.evil.example" }, "CROSS_SITE"],
    ["of a page without an origin", { Origin: "null" }, "CROSS_SITE"],
    [
      "that names an origin of its own but is another site's",
      { "Sec-Fetch-Site": "cross-site", Origin: "https://civil.example:8443" },
      "CROSS_SITE",
    ],
    [
      "that says same-origin but names another",
      { "Sec-Fetch-Site": "same-origin", Origin: "https://evil.example" },
      "CROSS_SITE",
    ],
  ];
  for (const [title, headers, expected] of table) {
    it(`${title}: ${expected}`, () => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"])
        expect(verdict(sameSiteOnly, request({ method, headers: { ...HOST, ...headers } })), method).to.equal(expected);
      for (const method of ["GET", "HEAD", "OPTIONS"])
        expect(verdict(sameSiteOnly, request({ method, headers: { ...HOST, ...headers } })), method).to.equal("passes");
    });
  }
});

describe("a session's token", () => {
  const table: [title: string, headers: Readonly<Record<string, string>>, token: string | undefined][] = [
    ["of a program", { Authorization: "Bearer abc_-9" }, "abc_-9"],
    ["of a page", { Cookie: "wanlian_session=abc" }, "abc"],
    ["among other cookies", { Cookie: "theme=dark; wanlian_session=abc; last=1" }, "abc"],
    ["of a program before a page's", { Authorization: "Bearer one", Cookie: "wanlian_session=two" }, "one"],
    ["of 128 characters", { Authorization: `Bearer ${"a".repeat(128)}` }, "a".repeat(128)],
    ["not of 129", { Authorization: `Bearer ${"a".repeat(129)}` }, undefined],
    ["not of none", { Authorization: "Bearer " }, undefined],
    ["not of two words", { Authorization: "Bearer a b" }, undefined],
    ["not by another scheme", { Authorization: "Basic abc" }, undefined],
    ["not in a cookie whose name begins alike", { Cookie: "wanlian_session2=abc" }, undefined],
    ["not in a cookie whose name ends alike", { Cookie: "my_wanlian_session=abc" }, undefined],
    ["where there is none", {}, undefined],
  ];
  for (const [title, headers, token] of table) {
    it(title, () => expect(tokenOf(request({ headers }))).to.equal(token));
  }
});

describe("what a request says is taken as it was sent, or not at all", () => {
  const addresses: [title: string, originalUrl: string, expected: string][] = [
    ["an address in Chinese", `/catalogue?words=${encodeURIComponent("出生")}`, "passes"],
    ["a percent sign as one", "/catalogue?words=50%25", "passes"],
    ["a percent sign that stands alone", "/catalogue?words=50%", "BAD_REQUEST"],
    ["bytes of another encoding", "/catalogue?words=%B3%F6", "BAD_REQUEST"],
    ["half a character", "/catalogue?words=%E5%87", "BAD_REQUEST"],
    ["NUL", "/catalogue?words=a%00b", "BAD_REQUEST"],
  ];
  for (const [title, originalUrl, expected] of addresses) {
    it(`${title}: ${expected}`, () => expect(verdict(strictAddress, request({ originalUrl }))).to.equal(expected));
  }

  const bodies: [title: string, body: unknown, expected: string, read?: unknown][] = [
    ["an object", Buffer.from('{"a":1}'), "passes", { a: 1 }],
    ["nothing", Buffer.alloc(0), "passes", undefined],
    ["no body at all", undefined, "passes", undefined],
    ["what has been read before", { a: 1 }, "passes", { a: 1 }],
    ["no JSON", Buffer.from("{"), "BAD_REQUEST"],
    ["a member twice", Buffer.from('{"a":1,"a":2}'), "BAD_REQUEST"],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0x22]), "BAD_REQUEST"],
  ];
  for (const [title, body, expected, read] of bodies) {
    it(`a body of ${title}: ${expected}`, () => {
      const asked = request({ body });
      expect(verdict(strictBody, asked)).to.equal(expected);
      if (expected === "passes") expect(asked.body).to.deep.equal(read);
    });
  }
});
