import { randomUUID, verify, type X509Certificate } from "node:crypto";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { curveOf, isLowS, parseSignature } from "@wanlian/protocol/identities/ecdsa.js";
import { KeyError } from "../../core/index.js";

/** How long a page may take: it signs what its officer has decided already, so nobody is asked anything. */
const PATIENCE_MS = 30_000;
const P256 = "1.2.840.10045.3.1.7";

/** Bytes that an officer's own page is to read, compare with what was decided, and sign. */
export interface SigningRequest {
  readonly id: string;
  readonly message: Uint8Array;
}

interface Waiting {
  readonly desk: string;
  readonly signed: (signature: Uint8Array) => void;
  readonly refused: (error: KeyError) => void;
}

/**
 * Where the node asks for signatures of keys that it does not have. A desk is one decision at one page: the page opens
 * it, hands in the command, and signs there what it finds right. Only the session that opened a desk answers at it.
 */
export class SigningDesks {
  readonly #open = new Map<string, (request: SigningRequest) => void>();
  readonly #waiting = new Map<string, Waiting>();

  /** Whoever asks at the desk from now on is heard; until closed. */
  open(desk: string, ask: (request: SigningRequest) => void): () => void {
    if (this.#open.has(desk)) throw new KeyError("SIGNATURE_MISSING", "The signing desk is open already.");
    this.#open.set(desk, ask);
    return () => {
      this.#open.delete(desk);
      for (const waiting of this.#waiting.values())
        if (waiting.desk === desk) waiting.refused(missing("The page that was to sign has gone."));
    };
  }

  /**
   * Has a message signed by the page at the desk, and checks the signature: a wrong one goes nowhere.
   * @throws KeyError SIGNATURE_MISSING, SIGNATURE_REFUSED, BAD_SIGNATURE
   */
  async sign(desk: string | undefined, message: Uint8Array, certificate: X509Certificate): Promise<Uint8Array> {
    const ask = desk === undefined ? undefined : this.#open.get(desk);
    if (desk === undefined || ask === undefined)
      throw missing("The officer's key is in a browser, which is not asked.");
    const id = randomUUID();
    const signature = await new Promise<Uint8Array>((resolve, reject) => {
      const patience = setTimeout(() => waiting.refused(missing("The page did not sign in time.")), PATIENCE_MS);
      const over = () => {
        clearTimeout(patience);
        this.#waiting.delete(id);
      };
      const waiting: Waiting = {
        desk,
        signed: (given) => {
          over();
          resolve(given);
        },
        refused: (error) => {
          over();
          reject(error);
        },
      };
      this.#waiting.set(id, waiting);
      ask({ id, message });
    });
    if (!isSignature(signature, message, certificate))
      throw new KeyError("BAD_SIGNATURE", "What the page handed in is no signature of the officer's key.");
    return signature;
  }

  /** @returns false where nothing waits for this answer */
  signed(desk: string, id: string, signature: Uint8Array): boolean {
    const waiting = this.#waitingAt(desk, id);
    waiting?.signed(signature);
    return waiting !== undefined;
  }

  /** The page will not sign: what it was shown is not what its officer decided. */
  refused(desk: string, id: string, reason: string): boolean {
    const waiting = this.#waitingAt(desk, id);
    waiting?.refused(new KeyError("SIGNATURE_REFUSED", reason));
    return waiting !== undefined;
  }

  #waitingAt(desk: string, id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    return waiting?.desk === desk ? waiting : undefined;
  }
}

const missing = (message: string): KeyError => new KeyError("SIGNATURE_MISSING", message);

/** ECDSA on P-256 over SHA-256, DER, low S: as Fabric's peers want it. */
export function isSignature(signature: Uint8Array, message: Uint8Array, certificate: X509Certificate): boolean {
  const curve = curveOf(P256);
  try {
    const { publicKey } = certificate;
    return (
      curve !== undefined && isLowS(parseSignature(signature), curve) && verify("sha256", message, publicKey, signature)
    );
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
