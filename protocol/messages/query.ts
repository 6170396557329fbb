/** System chaincode answers: peer/query.proto. */
import { bytes, type Decoded, message, nested, repeatedNested, string } from "../codec.js";
import { Config } from "./configuration.js";

export const ChaincodeInfo = message({
  name: string(1),
  version: string(2),
  path: string(3),
  input: string(4),
  escc: string(5),
  vscc: string(6),
  id: bytes(7),
});
export type ChaincodeInfo = Decoded<typeof ChaincodeInfo>;

export const ChaincodeQueryResponse = message({ chaincodes: repeatedNested(1, ChaincodeInfo) });
export type ChaincodeQueryResponse = Decoded<typeof ChaincodeQueryResponse>;

export const ChannelInfo = message({ channelId: string(1) });
export type ChannelInfo = Decoded<typeof ChannelInfo>;

export const ChannelQueryResponse = message({ channels: repeatedNested(1, ChannelInfo) });
export type ChannelQueryResponse = Decoded<typeof ChannelQueryResponse>;

export const ConfigTree = message({ channelConfig: nested(1, Config), resourcesConfig: nested(2, Config) });
export type ConfigTree = Decoded<typeof ConfigTree>;
