import { Type } from "typebox";
import { API_ROOT } from "../../api-document/index.js";
import { ApiError } from "../../core/index.js";
import type { Sessions } from "../../keys/officers/index.js";
import { type Caller, type Operation, type Origin, operation } from "../operation.js";
import { authoritiesOf, expectOwnCertificate } from "../reading/authorities.js";
import { SESSION_COOKIE } from "../server/security.js";

const Session = Type.Object(
  {
    officer: Type.String(),
    department: Type.String(),
    roles: Type.Array(Type.String()),
    expires: Type.String(),
    certificateExpires: Type.String(),
    key: Type.Unsafe<"node" | "browser">(
      Type.Enum(["node", "browser"], { description: "Where the officer's key is while the session lasts" }),
    ),
  },
  { title: "Session" },
);

// How long one has to be is for the key store to say.
const Passphrase = Type.String({ minLength: 1, maxLength: 1024 });

/** The cookie that carries a session's token until its end; without one, the cookie that makes a browser forget it. */
function sessionCookie(token: string, { scheme }: Origin, end?: Date): string {
  const attributes = [`Path=${API_ROOT}`, "HttpOnly", "SameSite=Strict", ...(scheme === "https" ? ["Secure"] : [])];
  const life = end === undefined ? "Max-Age=0" : `Expires=${end.toUTCString()}`;
  return [`${SESSION_COOKIE}=${token}`, ...attributes, life].join("; ");
}

export function sessionOperations(sessions: Sessions): Operation[] {
  return [
    operation({
      id: "logIn",
      tag: "session",
      method: "post",
      route: "/sessions",
      access: "public",
      effect: "session",
      summary: { zh: "以口令打开本人密钥并登录", en: "Open one's own key with its passphrase and log in" },
      body: Type.Object(
        {
          officer: Type.String({ minLength: 1, maxLength: 64 }),
          passphrase: Passphrase,
        },
        { additionalProperties: false },
      ),
      answers: { 201: Type.Object({ token: Type.String(), session: Session }) },
      handle: async ({ body, services, from }) => {
        const { address } = from;
        const { token, session } = await sessions.logIn({ officer: body.officer, address }, body.passphrase);
        return {
          status: 201,
          headers: { "Set-Cookie": sessionCookie(token, from, session.expires) },
          body: { token, session: describe(session, services.department) },
        };
      },
    }),
    operation({
      id: "beginSignedLogIn",
      tag: "session",
      method: "post",
      route: "/sessions/nonces",
      access: "public",
      effect: "session",
      summary: {
        zh: "以本人浏览器中的密钥登录：取得待签随机数",
        en: "Log in with one's own key: get the nonce to sign",
      },
      answers: {
        200: Type.Object({
          nonce: Type.String(),
          channel: Type.String(),
          department: Type.String(),
          chaincode: Type.String(),
          authorities: Type.Array(Type.String(), { description: "The department's certificate authorities, PEM" }),
        }),
      },
      handle: async ({ services, db }) => {
        const { channel, department, chaincode } = services;
        const authorities = await authoritiesOf(db, services);
        return { status: 200, body: { nonce: sessions.nonce(), channel, department, chaincode, authorities } };
      },
    }),
    operation({
      id: "logInBySignature",
      tag: "session",
      method: "post",
      route: "/sessions/signed",
      access: "public",
      effect: "session",
      summary: {
        zh: "以签名登录：密钥在本人浏览器中，节点没有",
        en: "Log in by a signature: the key is the officer's own, and the node does not have it",
      },
      body: Type.Object(
        {
          officer: Type.String({ minLength: 1, maxLength: 64 }),
          nonce: Type.String({ pattern: "^[0-9a-f]{64}$" }),
          signature: Type.String({ maxLength: 200, description: "DER, base64" }),
        },
        { additionalProperties: false },
      ),
      answers: { 201: Type.Object({ token: Type.String(), session: Session }) },
      handle: async ({ body, services, from }) => {
        const signature = Buffer.from(body.signature, "base64");
        const { token, session } = await sessions.logInBySignature({ ...body, signature }, services);
        return {
          status: 201,
          headers: { "Set-Cookie": sessionCookie(token, from, session.expires) },
          body: { token, session: describe(session, services.department) },
        };
      },
    }),
    operation({
      id: "enrolOfficer",
      tag: "session",
      method: "post",
      route: "/officers",
      effect: "session",
      summary: {
        zh: "装入经办人证书，其密钥在本人浏览器中；由管理员办理",
        en: "Take in the certificate of an officer whose key is in a browser; for administrators",
      },
      body: Type.Object(
        { certificate: Type.String({ maxLength: 20_000, description: "PEM" }) },
        { additionalProperties: false },
      ),
      answers: { 201: Type.Object({ officer: Type.String() }) },
      handle: async ({ body, caller, services, db }) => {
        if (!callerOf(caller).session.officer.roles.includes("administrator"))
          throw new ApiError("ROLE_MISSING", "An administrator takes in certificates.");
        await expectOwnCertificate(db, services, body.certificate);
        const officer = await sessions.enrolBrowserKey(body.certificate);
        return { status: 201, body: { officer } };
      },
    }),
    operation({
      id: "showSession",
      tag: "session",
      method: "get",
      route: "/sessions/current",
      summary: { zh: "当前登录", en: "Who is logged in" },
      answers: { 200: Type.Object({ session: Session }) },
      handle: async ({ caller, services }) => ({
        status: 200,
        body: { session: describe(callerOf(caller).session, services.department) },
      }),
    }),
    operation({
      id: "changePassphrase",
      tag: "session",
      method: "post",
      route: "/sessions/current/passphrase",
      effect: "session",
      summary: {
        zh: "更改本人口令；本人的全部登录随即结束",
        en: "Change one's own passphrase; all one's sessions end",
      },
      body: Type.Object({ from: Passphrase, to: Passphrase }, { additionalProperties: false }),
      answers: { 204: Type.Object({}) },
      handle: async ({ caller, body, from }) => {
        const { officer } = callerOf(caller).session.officer;
        await sessions.changePassphrase({ officer, address: from.address }, body.from, body.to);
        return { status: 204, headers: { "Set-Cookie": sessionCookie("", from) } };
      },
    }),
    operation({
      id: "logOut",
      tag: "session",
      method: "delete",
      route: "/sessions/current",
      effect: "session",
      summary: { zh: "退出登录", en: "Log out" },
      answers: { 204: Type.Object({}) },
      handle: async ({ caller, from }) => {
        sessions.logOut(callerOf(caller).token);
        return { status: 204, headers: { "Set-Cookie": sessionCookie("", from) } };
      },
    }),
  ];
}

/** The caller of an operation whose access is `officer`: the server lets nobody else in. */
export function callerOf(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new ApiError("NOT_LOGGED_IN", "There is no session, or it has ended.");
  return caller;
}

function describe(session: Caller["session"], department: string) {
  const { officer, roles, notAfter } = session.officer;
  return {
    officer,
    department,
    roles,
    expires: session.expires.toISOString(),
    certificateExpires: notAfter.toISOString(),
    key: session.holder.kind,
  };
}
