/*
 * The officer's own key, in this browser and nowhere else: made by WebCrypto so that nothing can take it out, kept in
 * IndexedDB, which other origins do not reach.
 */

const DATABASE = "wanlian.keys";
const STORE = "keys";
const ONLY = "own";

export interface KeptKey {
  readonly officer: string;
  /** Cannot be exported. */
  readonly privateKey: CryptoKey;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#10, PEM; none where the key came out of a file. */
  readonly request?: string;
  /** PEM, once the department has certified the key. */
  readonly certificate?: string;
  /** The ledger that the key is for, as it was when the certificate came: no node can make it another later. */
  readonly ledger?: { readonly channel: string; readonly chaincode: string; readonly mspId: string };
}

export async function findKey(): Promise<KeptKey | undefined> {
  return inStore("readonly", (store) => store.get(ONLY) as IDBRequest<KeptKey | undefined>);
}

export async function keepKey(key: KeptKey): Promise<void> {
  await inStore("readwrite", (store) => store.put(key, ONLY));
}

export async function forgetKey(): Promise<void> {
  await inStore("readwrite", (store) => store.delete(ONLY));
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const asked = work(transaction.objectStore(STORE));
    await done;
    return asked.result;
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}
