/** Where a key was last touched: block number and index of the transaction in it. */
export interface Version {
  readonly block: bigint;
  readonly transaction: bigint;
}

export interface StateValue {
  readonly value: Uint8Array;
  readonly version: Version;
  /** Metadata entries by name, such as VALIDATION_PARAMETER. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** What a peer knows of a private key: a hash of the value. */
export interface HashedValue {
  readonly valueHash: Uint8Array;
  readonly version: Version;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** Plain private data with the key that it stands under. */
export interface NamedPrivateValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: Version;
}

/** Consistent reads of one channel's state at one height. */
export interface StateSnapshot {
  /** Number of blocks of which this is the result. */
  readonly height: bigint;
  get(namespace: string, key: string): Promise<StateValue | undefined>;
  /** Keys in [start, end) in UTF-8 byte order; an empty bound is open. */
  range(namespace: string, start: string, end: string): AsyncIterableIterator<StateValue & { readonly key: string }>;
  /** A private key by the SHA-256 of its name. */
  hashedGet(namespace: string, collection: string, keyHash: Uint8Array): Promise<HashedValue | undefined>;
  /** Plain private data, where this peer holds it. */
  privateGet(
    namespace: string,
    collection: string,
    key: string,
  ): Promise<{ readonly value: Uint8Array; readonly version: Version } | undefined>;
  /** Plain private data with keys in [start, end), as far as this peer holds them; an empty bound is open. */
  privateRange(
    namespace: string,
    collection: string,
    start: string,
    end: string,
  ): AsyncIterableIterator<NamedPrivateValue>;
  release(): Promise<void>;
}
