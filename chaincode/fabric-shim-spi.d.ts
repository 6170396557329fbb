/** What fabric-shim's own start script uses to turn contract classes into a chaincode; it ships no types for it. */
declare module "fabric-shim/lib/contract-spi/chaincodefromcontract.js" {
  import type { ChaincodeInterface } from "fabric-shim";

  export default class ChaincodeFromContract implements ChaincodeInterface {
    constructor(
      contracts: readonly (new () => object)[],
      serializers: {
        readonly transaction: string;
        readonly serializers: Readonly<Record<string, new () => object>>;
      },
      metadata: object,
      title: string,
      version: string,
    );
    Init: ChaincodeInterface["Init"];
    Invoke: ChaincodeInterface["Invoke"];
  }
}
