import api from "fabric-contract-api";

/** fabric-contract-api is CommonJS whose decorators Node cannot see as named exports of an ES module. */
export const { Context, Contract, Info, JSONSerializer, Param, Returns, Transaction } = api;
