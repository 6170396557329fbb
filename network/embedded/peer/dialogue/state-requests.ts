import { randomUUID } from "node:crypto";
import {
  DelState,
  GetHistoryForKey,
  GetQueryResult,
  GetState,
  GetStateByRange,
  GetStateMetadata,
  GetStateMultiple,
  GetStateMultipleResult,
  KV,
  PutState,
  PutStateMetadata,
  QueryMetadata,
  QueryResponse,
  QueryStateClose,
  QueryStateNext,
  type StateMetadata,
  StateMetadataResult,
  ChaincodeMessageType as Type,
  WriteBatchState,
  WriteRecordType,
} from "@wanlian/protocol/messages/shim.js";
import { PeerError } from "../errors.js";
import type { QueryResult, ResultIterator } from "../simulation/range-query.js";
import type { Simulator } from "../simulation/simulator.js";
import type { Invocation } from "./invocation.js";
import { OpenQuery, type RecordSource, TOTAL_QUERY_LIMIT } from "./queries.js";

/** Whether the client may read or write a private collection, by its memberOnlyRead and memberOnlyWrite. */
export interface CollectionAccess {
  check(invocation: Invocation, simulator: Simulator, collection: string, act: "read" | "write"): Promise<void>;
}

type Answer = (payload: Uint8Array, invocation: Invocation, simulator: Simulator) => Promise<Uint8Array>;

const NOTHING = new Uint8Array(0);

/** Answers what a chaincode asks of the state while it runs; each answer is the payload of a RESPONSE, each refusal of an ERROR. */
export class StateRequests {
  readonly #access: CollectionAccess;
  readonly #answers: ReadonlyMap<number, Answer>;

  constructor(access: CollectionAccess) {
    this.#access = access;
    this.#answers = new Map<number, Answer>([
      [Type.GET_STATE, (payload, invocation, state) => this.#get(GetState.decode(payload), invocation, state)],
      [Type.GET_STATE_MULTIPLE, (payload, invocation, state) => this.#getMultiple(payload, invocation, state)],
      [Type.GET_PRIVATE_DATA_HASH, (payload, invocation, state) => this.#getHash(payload, invocation, state)],
      [Type.GET_STATE_METADATA, (payload, invocation, state) => this.#getMetadata(payload, invocation, state)],
      [Type.GET_STATE_BY_RANGE, (payload, invocation, state) => this.#range(payload, invocation, state)],
      [Type.GET_QUERY_RESULT, (payload, invocation, state) => this.#richQuery(payload, invocation, state)],
      [Type.GET_HISTORY_FOR_KEY, (payload, invocation) => this.#history(payload, invocation)],
      [Type.QUERY_STATE_NEXT, (payload, invocation) => this.#next(payload, invocation)],
      [Type.QUERY_STATE_CLOSE, (payload, invocation) => this.#close(payload, invocation)],
      [Type.PUT_STATE, (payload, invocation, state) => this.#put(PutState.decode(payload), invocation, state)],
      [Type.DEL_STATE, (payload, invocation, state) => this.#put(DelState.decode(payload), invocation, state)],
      [
        Type.PURGE_PRIVATE_DATA,
        (payload, invocation, state) => this.#purge(DelState.decode(payload), invocation, state),
      ],
      [
        Type.PUT_STATE_METADATA,
        (payload, invocation, state) => this.#putMetadata(PutStateMetadata.decode(payload), invocation, state),
      ],
      [Type.WRITE_BATCH_STATE, (payload, invocation, state) => this.#writeBatch(payload, invocation, state)],
    ]);
  }

  /** Whether messages of this type are requests for the state. */
  handles(type: number): boolean {
    return this.#answers.has(type);
  }

  async answer(type: number, payload: Uint8Array, invocation: Invocation): Promise<Uint8Array> {
    const answer = this.#answers.get(type);
    const { simulator } = invocation.context;
    if (answer === undefined || simulator === undefined) throw new PeerError("SIMULATION", "no ledger context");
    return answer(payload, invocation, simulator);
  }

  async #get(request: GetState, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    const { namespace } = invocation;
    if (request.collection === "") return (await state.get(namespace, request.key)) ?? NOTHING;
    await this.#mayRead(invocation, state, request.collection);
    return (await state.getPrivate(namespace, request.collection, request.key)) ?? NOTHING;
  }

  async #getMultiple(payload: Uint8Array, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    const { keys, collection } = GetStateMultiple.decode(payload);
    const values: Uint8Array[] = [];
    for (const key of keys) values.push(await this.#get({ key, collection }, invocation, state));
    return GetStateMultipleResult.encode({ values });
  }

  async #getHash(payload: Uint8Array, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    const { key, collection } = GetState.decode(payload);
    refuseInInit(invocation);
    return (await state.getPrivateHash(invocation.namespace, collection, key)) ?? NOTHING;
  }

  async #getMetadata(payload: Uint8Array, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    const { key, collection } = GetStateMetadata.decode(payload);
    if (collection !== "") await this.#mayRead(invocation, state, collection);
    const metadata =
      collection === ""
        ? await state.getMetadata(invocation.namespace, key)
        : await state.getPrivateMetadata(invocation.namespace, collection, key);
    return StateMetadataResult.encode({ entries: [...metadata].map(([metakey, value]) => ({ metakey, value })) });
  }

  async #range(payload: Uint8Array, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    const request = GetStateByRange.decode(payload);
    const { namespace } = invocation;
    const { pageSize, bookmark } = QueryMetadata.decode(request.metadata);
    const limit = pageSize > 0 && pageSize < TOTAL_QUERY_LIMIT ? pageSize : TOTAL_QUERY_LIMIT;
    if (request.collection !== "") {
      await this.#mayRead(invocation, state, request.collection);
      const results = await state.privateRange(namespace, request.collection, request.startKey, request.endKey);
      return this.#open(invocation, recordsOf(namespace, results), limit);
    }
    if (pageSize === 0 && bookmark === "") {
      return this.#open(
        invocation,
        recordsOf(namespace, state.range(namespace, request.startKey, request.endKey)),
        limit,
      );
    }
    const page = state.page(namespace, bookmark || request.startKey, request.endKey, pageSize);
    return this.#open(invocation, { ...recordsOf(namespace, page), bookmark: () => page.bookmark() }, limit);
  }

  /** Rich queries need CouchDB, which no peer here has. */
  async #richQuery(payload: Uint8Array, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    const { collection, metadata } = GetQueryResult.decode(payload);
    if (collection !== "") await this.#mayRead(invocation, state, collection);
    const { pageSize, bookmark } = QueryMetadata.decode(metadata);
    const name = collection === "" && (pageSize !== 0 || bookmark !== "") ? "ExecuteQueryWithMetadata" : "ExecuteQuery";
    throw new PeerError("SIMULATION", `${name} not supported for leveldb`);
  }

  async #history(payload: Uint8Array, invocation: Invocation): Promise<Uint8Array> {
    const { key } = GetHistoryForKey.decode(payload);
    const { history } = invocation.context;
    if (history === undefined) throw new PeerError("SIMULATION", "history database is not enabled");
    const records = history.history(invocation.namespace, key)[Symbol.asyncIterator]();
    const source: RecordSource = {
      async next() {
        const { done, value } = await records.next();
        return done ? undefined : value;
      },
      async close() {
        await records.return?.();
      },
    };
    return this.#open(invocation, source, TOTAL_QUERY_LIMIT);
  }

  async #open(invocation: Invocation, source: RecordSource, limit: number): Promise<Uint8Array> {
    const query = new OpenQuery(randomUUID(), source, limit);
    const { payload, hasMore } = await query.batch();
    if (hasMore) invocation.queries.set(query.id, query);
    return payload;
  }

  async #next(payload: Uint8Array, invocation: Invocation): Promise<Uint8Array> {
    const { id } = QueryStateNext.decode(payload);
    const query = invocation.queries.get(id);
    if (query === undefined) throw new PeerError("SIMULATION", "query iterator not found");
    const batch = await query.batch();
    if (!batch.hasMore) invocation.queries.delete(id);
    return batch.payload;
  }

  async #close(payload: Uint8Array, invocation: Invocation): Promise<Uint8Array> {
    const { id } = QueryStateClose.decode(payload);
    await invocation.queries.get(id)?.close();
    invocation.queries.delete(id);
    return QueryResponse.encode({ id, hasMore: false });
  }

  async #put(
    request: { key: string; collection: string; value?: Uint8Array },
    invocation: Invocation,
    state: Simulator,
  ): Promise<Uint8Array> {
    const { namespace } = invocation;
    if (request.collection === "") {
      state.put(namespace, request.key, request.value);
    } else {
      await this.#mayWrite(invocation, state, request.collection);
      await state.putPrivate(namespace, request.collection, request.key, request.value);
    }
    return NOTHING;
  }

  async #purge(request: DelState, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    if (request.collection === "") throw new PeerError("SIMULATION", "only applicable for private data");
    await this.#mayWrite(invocation, state, request.collection);
    await state.purgePrivate(invocation.namespace, request.collection, request.key);
    return NOTHING;
  }

  async #putMetadata(
    request: { key: string; collection: string; metadata: StateMetadata | undefined },
    invocation: Invocation,
    state: Simulator,
  ): Promise<Uint8Array> {
    const { namespace } = invocation;
    const metadata = new Map([[request.metadata?.metakey ?? "", request.metadata?.value ?? NOTHING]]);
    if (request.collection === "") {
      state.putMetadata(namespace, request.key, metadata);
    } else {
      await this.#mayWrite(invocation, state, request.collection);
      await state.putPrivateMetadata(namespace, request.collection, request.key, metadata);
    }
    return NOTHING;
  }

  async #writeBatch(payload: Uint8Array, invocation: Invocation, state: Simulator): Promise<Uint8Array> {
    for (const record of WriteBatchState.decode(payload).rec) {
      switch (record.type) {
        case WriteRecordType.PUT_STATE:
          await this.#put(record, invocation, state);
          break;
        case WriteRecordType.DEL_STATE:
          await this.#put({ key: record.key, collection: record.collection }, invocation, state);
          break;
        case WriteRecordType.PURGE_PRIVATE_DATA:
          await this.#purge(record, invocation, state);
          break;
        case WriteRecordType.PUT_STATE_METADATA:
          await this.#putMetadata(record, invocation, state);
          break;
        default:
          throw new PeerError("SIMULATION", "unknown operation type");
      }
    }
    return NOTHING;
  }

  async #mayRead(invocation: Invocation, state: Simulator, collection: string): Promise<void> {
    refuseInInit(invocation);
    await this.#access.check(invocation, state, collection, "read");
  }

  async #mayWrite(invocation: Invocation, state: Simulator, collection: string): Promise<void> {
    refuseInInit(invocation);
    await this.#access.check(invocation, state, collection, "write");
  }
}

function refuseInInit(invocation: Invocation): void {
  if (invocation.isInit) throw new PeerError("SIMULATION", "private data APIs are not allowed in chaincode Init()");
}

function recordsOf(namespace: string, results: ResultIterator<QueryResult>): RecordSource {
  return {
    async next() {
      const result = await results.next();
      return result && KV.encode({ namespace, ...result });
    },
    close: () => results.close(),
  };
}
