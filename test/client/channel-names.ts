/** By themselves, so that a process that is started again and again need not load what makes channels. */
export const CHANNEL = "pilot";
export const CHAINCODE = "wanlian";
