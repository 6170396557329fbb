import { createHash, type KeyObject, randomBytes } from "node:crypto";
import { statementBytes } from "@wanlian/verify";
import { KeyError } from "../../core/index.js";
import { type Attempt, Attempts } from "./attempts.js";
import { checkPeriod, type OfficerCertificate } from "./certificate.js";
import { checkPassphrase, pretendToOpen } from "./private-key.js";
import { isSignature, SigningDesks } from "./signing-desk.js";
import type { OfficerStore, UnlockedOfficer } from "./store.js";

/** A session ends after a working day at the latest … */
export const SESSION_MS = 10 * 60 * 60_000;
/** … or when the officer has been away from the desk. */
export const IDLE_MS = 60 * 60_000;
const TOKEN_BYTES = 32;
const TOKEN_CHARACTERS = 43; // base64url of 32 bytes
/** An officer works at a few screens; the oldest session gives way. */
const MAX_SESSIONS_PER_OFFICER = 10;
/** A log-in costs a fifth of a second of a core; more at once would starve the node. */
const MAX_CONCURRENT_UNLOCKS = 2;
const MAX_WAITING_UNLOCKS = 50;
/** Of these from one address, so that nobody fills the queue. */
const MAX_WAITING_FROM_ADDRESS = 5;
/** Sessions that a refused certificate has ended: whoever comes with their token is told why. */
const MAX_ENDED = 1_000;
/** A nonce is signed at once, by a program. */
const NONCE_MS = 60_000;
const NONCE_BYTES = 32;
/** Anybody may ask for one; the oldest gives way. */
const MAX_NONCES = 1_000;

/** Where an officer's key is while the session lasts: open at the node, or in the officer's own browser. */
export type KeyHolder = { readonly kind: "node"; readonly key: KeyObject } | { readonly kind: "browser" };

export interface Session {
  readonly officer: OfficerCertificate;
  readonly holder: KeyHolder;
  readonly expires: Date;
}

interface Kept extends Session {
  lastSeen: number;
  /** Aborted when the session is closed before its time. */
  readonly closing: AbortController;
}

/**
 * Who is logged in. A session holds the officer's open key, in memory only; its token is kept as a hash, so that
 * nothing that reads the memory's tables can pass for the officer over HTTP.
 */
export class Sessions {
  readonly #store: OfficerStore;
  readonly #now: () => Date;
  readonly #attempts = new Attempts();
  readonly #sessions = new Map<string, Kept>();
  readonly #refusal: (certificate: OfficerCertificate) => KeyError | undefined;
  readonly #waiting: { readonly address: string; readonly go: () => void }[] = [];
  readonly #ended = new Map<string, KeyError>();
  readonly #nonces = new Map<string, number>();
  /** Where signatures of keys that are in browsers are asked for. */
  readonly desks = new SigningDesks();
  #unlocking = 0;

  /** @param refusal why the channel does not take a certificate; undefined while it does */
  constructor(
    store: OfficerStore,
    now: () => Date,
    refusal: (certificate: OfficerCertificate) => KeyError | undefined = () => undefined,
  ) {
    this.#store = store;
    this.#now = now;
    this.#refusal = refusal;
  }

  /**
   * Opens the officer's key. Throws LOCKED_OUT; WRONG_PASSPHRASE also for a number that is not enrolled;
   * CERTIFICATE_NOT_VALID, CERTIFICATE_REFUSED, DAMAGED_KEY, KEY_MISMATCH and UNSUPPORTED_KEY as they are.
   */
  async logIn(attempt: Attempt, passphrase: string): Promise<{ token: string; session: Session }> {
    this.#attempts.check(attempt, this.#now());
    const unlocked = await this.#unlock(attempt, passphrase);
    this.#attempts.succeeded(attempt);
    const { key, ...certificate } = unlocked;
    return this.#begin(certificate, { kind: "node", key });
  }

  /** Something new to sign, for a log-in with a key that the node does not have. */
  nonce(): string {
    const now = this.#now().getTime();
    for (const [nonce, until] of this.#nonces)
      if (until <= now || this.#nonces.size >= MAX_NONCES) this.#nonces.delete(nonce);
    const nonce = randomBytes(NONCE_BYTES).toString("hex");
    this.#nonces.set(nonce, now + NONCE_MS);
    return nonce;
  }

  /**
   * Lets in whoever signs a nonce with the key of an enrolled certificate; the node never sees the key.
   * @throws KeyError UNKNOWN_OFFICER, CERTIFICATE_NOT_VALID, CERTIFICATE_REFUSED; BAD_SIGNATURE also for a nonce that is used or too old
   */
  async logInBySignature(
    { officer, nonce, signature }: { readonly officer: string; readonly nonce: string; readonly signature: Uint8Array },
    { channel, department }: { readonly channel: string; readonly department: string },
  ): Promise<{ token: string; session: Session }> {
    const until = this.#nonces.get(nonce) ?? 0;
    this.#nonces.delete(nonce);
    const certificate = await this.#store.certificate(officer);
    checkPeriod(certificate, this.#now());
    const message = statementBytes("log-in", { schema: 1, channel, department, officer, nonce });
    if (this.#now().getTime() >= until || !isSignature(signature, message, certificate.x509))
      throw new KeyError(
        "BAD_SIGNATURE",
        "The log-in is not signed by the key of the officer's certificate, just now.",
      );
    return this.#begin(certificate, { kind: "browser" });
  }

  #begin(officer: OfficerCertificate, holder: KeyHolder): { token: string; session: Session } {
    const refusal = this.#refusal(officer);
    if (refusal !== undefined) throw refusal;
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const now = this.#now().getTime();
    const expires = new Date(Math.min(now + SESSION_MS, officer.notAfter.getTime()));
    const session: Kept = { officer, holder, expires, lastSeen: now, closing: new AbortController() };
    this.#sweep(now);
    this.#makeRoom(officer.officer);
    this.#sessions.set(hash(token), session);
    return { token, session };
  }

  /** The session of a token while it lasts. Looking it up keeps it alive. */
  find(token: string): Session | undefined {
    if (token.length !== TOKEN_CHARACTERS) return undefined;
    const id = hash(token);
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    const now = this.#now().getTime();
    const refusal = this.#refusal(session.officer);
    if (refusal !== undefined) this.#note(id, refusal);
    if (refusal !== undefined || isOver(session, now)) {
      this.#close(id);
      return undefined;
    }
    session.lastSeen = now;
    return session;
  }

  /** Aborts when a token's session is closed: by its officer, or because the certificate is refused at a call. */
  closed(token: string): AbortSignal {
    return this.#sessions.get(hash(token))?.closing.signal ?? AbortSignal.abort();
  }

  /** Why a token's session was ended before its time, where the channel no longer takes its officer's certificate. */
  whyEnded(token: string): KeyError | undefined {
    return this.#ended.get(hash(token));
  }

  /** Whether a token's session lasts; unlike `find`, does not keep it alive. */
  lasts(token: string): boolean {
    const session = this.#sessions.get(hash(token));
    if (session === undefined || isOver(session, this.#now().getTime())) return false;
    return this.#refusal(session.officer) === undefined;
  }

  /** Encrypts an officer's key anew; every session of the officer ends. Failures count like those of a log-in. */
  async changePassphrase(attempt: Attempt, from: string, to: string): Promise<void> {
    checkPassphrase(to);
    this.#attempts.check(attempt, this.#now());
    await this.#unlock(attempt, from);
    this.#attempts.succeeded(attempt);
    await this.#store.changePassphrase(attempt.officer, from, to, this.#now());
    this.logOutEverywhere(attempt.officer);
  }

  /** See OfficerStore. Whoever was logged in with the former key is out. */
  async enrolBrowserKey(certificatePem: string): Promise<string> {
    const officer = await this.#store.enrolBrowserKey(certificatePem);
    this.logOutEverywhere(officer);
    return officer;
  }

  logOut(token: string): void {
    this.#close(hash(token));
  }

  /** Closes every session of an officer, for example after the passphrase changed. */
  logOutEverywhere(officer: string): void {
    for (const [id, session] of this.#sessions) if (session.officer.officer === officer) this.#close(id);
  }

  async #unlock(attempt: Attempt, passphrase: string): Promise<UnlockedOfficer> {
    await this.#turn(attempt.address);
    try {
      // Others may have failed while this one waited.
      this.#attempts.check(attempt, this.#now());
      return await this.#store.unlock(attempt.officer, passphrase, this.#now());
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      if (error.code === "UNKNOWN_OFFICER") await pretendToOpen(passphrase);
      else if (error.code !== "WRONG_PASSPHRASE") throw error;
      this.#attempts.failed(attempt, this.#now());
      throw new KeyError("WRONG_PASSPHRASE", "Officer number or passphrase is wrong.", { cause: error });
    } finally {
      this.#unlocking--;
      this.#waiting.shift()?.go();
    }
  }

  async #turn(address: string): Promise<void> {
    const ownWaiting = this.#waiting.filter((other) => other.address === address).length;
    if (this.#waiting.length >= MAX_WAITING_UNLOCKS || ownWaiting >= MAX_WAITING_FROM_ADDRESS) {
      throw new KeyError("LOCKED_OUT", "Too many log-ins at once.", { details: { retryAfterSeconds: 10 } });
    }
    while (this.#unlocking >= MAX_CONCURRENT_UNLOCKS)
      await new Promise<void>((go) => this.#waiting.push({ address, go }));
    this.#unlocking++;
  }

  #note(id: string, refusal: KeyError): void {
    this.#ended.set(id, refusal);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }

  #sweep(now: number): void {
    for (const [id, session] of this.#sessions) if (isOver(session, now)) this.#close(id);
  }

  #makeRoom(officer: string): void {
    const own = [...this.#sessions].filter(([, session]) => session.officer.officer === officer);
    for (const [id] of own.slice(0, Math.max(0, own.length - MAX_SESSIONS_PER_OFFICER + 1))) this.#close(id);
  }

  #close(id: string): void {
    this.#sessions.get(id)?.closing.abort();
    this.#sessions.delete(id);
  }
}

const isOver = (session: Kept, now: number): boolean =>
  now >= session.expires.getTime() || now - session.lastSeen >= IDLE_MS;

const hash = (token: string): string => createHash("sha256").update(token).digest("base64");
